"""Sets options of pandas, for the whole program."""

pd.set_option("display.max_columns", 2)
pd.set_option("display.precision", 1)
