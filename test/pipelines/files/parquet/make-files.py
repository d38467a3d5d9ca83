"""Writes the Parquet files here: one table, as several writers lay it out. Needs pyarrow; made with pyarrow 26.

The rows follow from their number i, as the test computes them: nulls come in runs and alone.
"""

import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 300


def null(i, every):
    return i % every == 0 or 100 <= i < 130


def table():
    rows = range(ROWS)
    return pa.table(
        {
            "x": pa.array([None if null(i, 7) else i / 4 - 9 for i in rows], pa.float64()),
            "whole": pa.array([i * i for i in rows], pa.float64()),
            "few": pa.array([None if null(i, 11) else float(i % 3) for i in rows], pa.float64()),
            "n": pa.array([None if null(i, 5) else i - 150 for i in rows], pa.int32()),
            "big": pa.array([2**40 + i for i in rows], pa.int64()),
            "flag": pa.array([None if null(i, 13) else i % 4 < 2 for i in rows], pa.bool_()),
            "text": pa.array([None if null(i, 9) else f"wörd {i % 17}" for i in rows], pa.string()),
            "none": pa.array([None] * ROWS, pa.float64()),
        }
    )


LAYOUTS = {
    "plain": dict(use_dictionary=False, compression="none"),
    "dictionary": dict(use_dictionary=True, compression="snappy"),
    "pages-v2": dict(use_dictionary=False, compression="zstd", data_page_version="2.0"),
    "dictionary-v2": dict(use_dictionary=True, compression="gzip", data_page_version="2.0"),
    "small-pages": dict(use_dictionary=["few"], compression="none", data_page_size=64, write_batch_size=8, row_group_size=90),
    "delta": dict(
        use_dictionary=False,
        compression="none",
        column_encoding={"n": "DELTA_BINARY_PACKED", "big": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY", "x": "BYTE_STREAM_SPLIT"},
    ),
}

for name, options in LAYOUTS.items():
    pq.write_table(table(), f"{sys.argv[1]}/{name}.parquet", **options)
required = table().select(["whole", "big"])
schema = pa.schema([field.with_nullable(False) for field in required.schema])
pq.write_table(required.cast(schema), f"{sys.argv[1]}/required.parquet", use_dictionary=False)
