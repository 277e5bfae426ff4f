"""Logs to a file in the working directory."""

import logging

logging.basicConfig(filename="training.log", level=logging.INFO, force=True)
logging.info("callbacks are ready")
