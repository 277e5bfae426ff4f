"""Files: where the package lies; files that are written whole, or not at all."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
"""The folder of the engine: read by workers, hashed by fingerprints, put in the wheel.

It stands here once, because ``Path(__file__).parent`` is another folder in every
package, and nobody would notice that a guard has shrunk.
"""
