"""Notebook: the kit in cells of Jupyter, VS Code and Colab (``%load_ext reelmark``)."""
