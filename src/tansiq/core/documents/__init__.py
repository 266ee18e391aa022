"""Documents for people, written once as plain data and put out as PDF, Word or HTML.

`model` is the document: headings, paragraphs, lists, tables, figures. `pdf` and `word` write it;
the page fragment `core/documents/_blocks.html` shows the same. Nothing here knows a plan.

`columns` is a workbook as plain data, `workbooks` writes it; `package` looks into a file that comes
back, `workbook_files` finds its sheets and columns, `cells` reads what people put into them.
"""
