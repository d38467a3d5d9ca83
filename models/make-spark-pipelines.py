"""Makes the golden pipelines that Spark itself fits, saves and scores: models/pipelines/spark-*.

usage, with the packages pyspark==3.5.* and numpy: python models/make-spark-pipelines.py
"""

import json
import os
import shutil

from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import (
    HashingTF,
    IDF,
    OneHotEncoder,
    StandardScaler,
    StopWordsRemover,
    StringIndexer,
    Tokenizer,
    VectorAssembler,
)
from pyspark.ml.linalg import SparseVector, DenseVector
from pyspark.sql import SparkSession

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pipelines")

FLIGHTS = [
    {"carrier": carrier, "miles": miles, "hour": hour, "late": late}
    for carrier, miles, hour, late in [
        ("UA", 1.2, 9.5, 0.0), ("AA", 0.3, 17.0, 1.0), ("WN", 0.4, 18.5, 1.0), ("UA", 2.5, 7.0, 0.0), ("WN", 0.9, 21.0, 1.0),
        ("AA", 1.7, 6.5, 0.0), ("UA", 0.6, 19.0, 0.0), ("WN", 0.5, 8.0, 0.0), ("DL", 1.1, 16.0, 1.0), ("DL", 2.0, 12.0, 0.0),
    ]
]

NOTES = [
    {"text": text, "label": label}
    for text, label in [
        ("The model learns from every batch", 1.0), ("A cat sat on the mat", 0.0), ("Streams and batches, models and sinks", 1.0),
        ("The dog and the cat sleep", 0.0), ("Learn a model from a stream", 1.0), ("Rain on the mat again", 0.0), ("", 0.0),
    ]
]


def pipelines():
    return {
        "spark-3.5-flights": (
            FLIGHTS,
            [
                StringIndexer(inputCol="carrier", outputCol="carrierIndex", handleInvalid="keep"),
                OneHotEncoder(inputCol="carrierIndex", outputCol="carrierVector"),
                VectorAssembler(inputCols=["miles", "hour", "carrierVector"], outputCol="assembled"),
                StandardScaler(inputCol="assembled", outputCol="features", withMean=True),
                LogisticRegression(labelCol="late", regParam=0.1),
            ],
        ),
        "spark-3.5-notes": (
            NOTES,
            [
                Tokenizer(inputCol="text", outputCol="words"),
                StopWordsRemover(inputCol="words", outputCol="terms"),
                HashingTF(inputCol="terms", outputCol="counts", numFeatures=64),
                IDF(inputCol="counts", outputCol="features"),
                LogisticRegression(regParam=0.05),
            ],
        ),
    }


def plain(value):
    if isinstance(value, DenseVector):
        return value.values.tolist()
    if isinstance(value, SparseVector):
        return {"size": value.size, "indices": value.indices.tolist(), "values": value.values.tolist()}
    return value


def write_lines(path, rows):
    with open(path, "w") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")


def main():
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    for name, (rows, stages) in pipelines().items():
        directory = os.path.join(HERE, name)
        shutil.rmtree(directory, ignore_errors=True)
        frame = spark.createDataFrame(rows).coalesce(1)
        model = Pipeline(stages=stages).fit(frame)
        model.save(os.path.join(directory, "model"))
        scored = model.transform(frame)
        write_lines(os.path.join(directory, "rows.jsonl"), rows)
        write_lines(
            os.path.join(directory, "scored.jsonl"),
            [{column: plain(row[column]) for column in scored.columns} for row in scored.collect()],
        )
    spark.stop()


main()
