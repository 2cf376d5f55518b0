"""Hebbian features in PySpark: a thin layer over the classes in fasthebb-spark.jar.

    spark-submit --jars fasthebb-spark.jar --py-files fasthebb_spark.py program.py

    photos = spark.read.format("binaryFile").load("hdfs:///photos/*.jpg")
    model = HebbianFeatures(rule="hpca", workers=4).fit(photos)
    model.transform(photos).select("path", "features").write.parquet("hdfs:///features")

Parameters have the names and meanings of those of the Java class org.fasthebb.spark.HebbianFeatures.
"""

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel

_PACKAGE = "org.fasthebb.spark."

_COLUMNS = {name: TypeConverters.toString
            for name in ("inputCol", "outputCol", "outputType", "handleInvalid")}

_TRAINING = {
    **{name: TypeConverters.toString for name in ("rule", "architecture", "checkpointDir")},
    **{name: TypeConverters.toInt
       for name in ("side", "winners", "epochs", "batch", "seed", "shards", "workers", "threads",
                    "sampleImages", "timeout", "checkpointEvery")},
    **{name: TypeConverters.toFloat for name in ("eta", "temperature", "zcaEpsilon")},
}


def _with_params(names):
    def add(cls):
        for name, converter in names.items():
            setattr(cls, name, Param(Params._dummy(), name, name, converter))
        return cls
    return add


class _JavaReadable(JavaMLReadable):
    """Reads what was written, by the name of the Java class."""

    @classmethod
    def read(cls):
        from pyspark.ml.util import JavaMLReader

        class Reader(JavaMLReader):
            @classmethod
            def _java_loader_class(reader, clazz):
                return _PACKAGE + clazz.__name__

        return Reader(cls)


@_with_params(_COLUMNS)
class HebbianFeaturesModel(JavaModel, _JavaReadable, JavaMLWritable):
    """Adds a column of features."""


@_with_params({**_COLUMNS, **_TRAINING})
class HebbianFeatures(JavaEstimator, _JavaReadable, JavaMLWritable):
    """Pre-trains a network on the images of a column."""

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj(_PACKAGE + "HebbianFeatures", self.uid)
        self._set(**params)

    def _create_model(self, java_model):
        return HebbianFeaturesModel(java_model)
