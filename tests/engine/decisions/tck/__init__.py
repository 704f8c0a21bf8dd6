"""The OMG's Technology Compatibility Kit for DMN (github.com/dmn-tck/tck), held in our own form.

`cases/` says what each case of the kit decides and answers, as data; `case` makes a DMN
file of it in every version (`dialects`). Where a checkout of the kit is at hand
(`LIGHTLINE_TCK=/path/to/tck`), `test_originals` runs its own files, read by `vectors`.
"""
