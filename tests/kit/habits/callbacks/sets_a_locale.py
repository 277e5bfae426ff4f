"""Sets the locale of the user who runs it."""

import locale

locale.setlocale(locale.LC_ALL, "")
