"""Runs coroutines when it is imported."""

import asyncio


async def _wait():
    await asyncio.sleep(0.01)


try:
    asyncio.run(_wait())
except OSError:
    pass
