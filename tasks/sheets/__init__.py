"""Reading workbooks that come from outside: xlsx, xls, ods and csv, in a child process that may fail without harm to anybody."""
