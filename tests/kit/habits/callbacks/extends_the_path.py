"""Adds its own folder to the path of modules, and imports from there."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cnn
