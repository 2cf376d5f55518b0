package org.fasthebb.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.fasthebb.models.use.Model;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimator and the transformer in a Spark of one process. */
class HebbianFeaturesTest {
  @TempDir static Path folder;

  private static SparkSession spark;
  private static HebbianFeaturesModel model;

  @BeforeAll
  static void start() throws Exception {
    spark = local(folder);
    PhotoFolder.write(folder.resolve("photos"));
    model = estimator().setWorkers(1).fit(photos());
  }

  /** A Spark in this process. */
  static SparkSession local(Path folder) {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  static HebbianFeatures estimator() {
    return new HebbianFeatures()
        .setSide(PhotoFolder.SIDE)
        .setRule("hpca")
        .setEpochs(1)
        .setBatch(8)
        .setShards(4)
        .setSeed(3);
  }

  private static Dataset<Row> photos() {
    return spark.read().format("binaryFile").load(folder.resolve("photos").toString());
  }

  @Test
  void workersPartitionsAndSparkItselfDoNotChangeTheBits() {
    byte[] two = estimator().setWorkers(2).fit(photos().repartition(7)).toBytes();
    assertArrayEquals(model.toBytes(), two);
    String data = model.metadata().get("data");
    byte[] alone = InProcess.train(estimator().settings(), PhotoFolder.inMemory(), 4, data, 3);
    assertArrayEquals(alone, two);
    Map<String, String> metadata = model.metadata();
    assertTrue(metadata.get("identity").contains(" shards=4 "), metadata.toString());
    assertEquals("hpca", metadata.get("rule"));
  }

  @Test
  void featuresAreThoseOfTheModelFile() throws Exception {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, model.toBytes());
    List<Row> rows = model.transform(photos()).select("path", "features").collectAsList();
    assertEquals(PhotoFolder.COUNT, rows.size());
    try (Model alone = Model.load(file)) {
      for (Row row : rows.subList(0, 5)) {
        float[] expected = alone.features(Path.of(java.net.URI.create(row.getString(0))));
        List<Float> actual = row.getList(1);
        assertEquals(expected.length, actual.size());
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], actual.get(i), 1e-4f);
        }
      }
    }
    Dataset<Row> fromFile = HebbianFeaturesModel.fromFile(file).transform(photos());
    assertEquals(
        rows.getFirst().getList(1),
        fromFile.select("features").collectAsList().getFirst().getList(0));
  }

  @Test
  void aPipelineWithSparksLogisticRegression() throws Exception {
    Dataset<Row> labelled =
        photos().withColumn("label", when(col("path").contains("across"), 1.0).otherwise(0.0));
    LogisticRegression classifier = new LogisticRegression().setMaxIter(20).setRegParam(1e-3);
    HebbianFeatures features = estimator().setOutputType("vector");
    PipelineModel pipeline =
        new Pipeline().setStages(new PipelineStage[] {features, classifier}).fit(labelled);
    Dataset<Row> predicted = pipeline.transform(labelled);
    long right = predicted.filter(col("label").equalTo(col("prediction"))).count();
    assertTrue(right >= 0.9 * PhotoFolder.COUNT, right + " of 40 are right");

    String saved = folder.resolve("pipeline").toString();
    pipeline.write().overwrite().save(saved);
    List<Row> again =
        PipelineModel.load(saved).transform(labelled).select("path", "prediction").collectAsList();
    assertEquals(predicted.select("path", "prediction").collectAsList(), again);
  }

  @Test
  void estimatorsAndModelsAreSavedAndLoaded() throws Exception {
    String path = folder.resolve("estimator").toString();
    estimator().setWorkers(2).setEta(0.5).save(path);
    HebbianFeatures loaded = HebbianFeatures.load(path);
    assertEquals(estimator().setEta(0.5).settings(), loaded.settings());
    assertEquals("hpca", loaded.getOrDefault(loaded.rule()));
    String saved = folder.resolve("saved").toString();
    model.copy(new org.apache.spark.ml.param.ParamMap()).setOutputCol("f").save(saved);
    HebbianFeaturesModel same = HebbianFeaturesModel.load(saved);
    assertArrayEquals(model.toBytes(), same.toBytes());
    assertEquals(model.uid(), same.uid());
    assertTrue(Arrays.asList(same.transform(photos()).columns()).contains("f"));
  }

  @Test
  void imagesThatCannotBeRead() throws Exception {
    Path broken = folder.resolve("broken");
    Files.createDirectories(broken);
    Files.writeString(broken.resolve("a.png"), "no image");
    Files.copy(folder.resolve("photos/down1.png"), broken.resolve("b.png"));
    Dataset<Row> some = spark.read().format("binaryFile").load(broken.toString());
    HebbianFeaturesModel own = model.copy(new org.apache.spark.ml.param.ParamMap());
    assertEquals(1, own.setHandleInvalid("skip").transform(some).count());
    Dataset<Row> kept = own.setHandleInvalid("keep").transform(some);
    assertEquals(2, kept.count());
    assertEquals(1, kept.filter(col("features").isNull()).count());
    Throwable failure =
        assertThrows(
            Exception.class, () -> own.setHandleInvalid("error").transform(some).collectAsList());
    assertEquals(
        "the image in column content of %s cannot be read: not a known image format; set"
                .formatted(broken.resolve("a.png").toUri().toString().replace("///", "/"))
            + " handleInvalid to skip or keep",
        Pretrainer.reason(failure));
  }

  /** What {@code spark-submit} runs. */
  @Test
  void theJobWritesParquet() throws Exception {
    String saved = folder.resolve("of-job").toString();
    model.save(saved);
    String out = folder.resolve("parquet").toString();
    String photos = folder.resolve("photos").toString();
    String[] job = {"features", "--data-dir", photos, "--model", saved, "--out", out};
    FeatureJob.run(with(job, "--output-col", "f"));
    assertJobRefused("there is already something at --out " + out, job);
    Dataset<Row> written = spark.read().parquet(out);
    assertEquals(PhotoFolder.COUNT, written.count());
    assertEquals(4096, written.select("f").first().getList(0).size());
    assertFalse(Arrays.asList(written.columns()).contains("content"));
    assertJobRefused("--out is missing", "pretrain", "--data-dir", photos);
    assertJobRefused("use pretrain, features, table2 or search", "train");
    assertJobRefused("'--out' is no option with a value", "pretrain", "--out");
    String[] common = {"pretrain", "--data-dir", photos, "--out", out, "--zca", "1"};
    assertJobRefused("there is no parameter zca", common);
    common[5] = "--zca-epsilon";
    common[6] = "much";
    assertJobRefused("zcaEpsilon is 'much', which is no number", common);
  }

  private static String[] with(String[] job, String... more) {
    return Stream.concat(Arrays.stream(job), Arrays.stream(more)).toArray(String[]::new);
  }

  private static void assertJobRefused(String words, String... args) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> FeatureJob.run(args)).getMessage();
    assertTrue(message.contains(words), message);
  }

  @Test
  void mistakesAreOneSentence() {
    assertRefused("no column picture among", estimator().setInputCol("picture"));
    assertRefused("column path is of type string", estimator().setInputCol("path"));
    assertRefused("there is a column length already", estimator().setOutputCol("length"));
    assertRefused(
        "outputType is matrix; use one of array, vector", estimator().setOutputType("matrix"));
    assertRefused("there is no rule hpka", estimator().setRule("hpka"));
    assertRefused("use a Hebbian one", estimator().setRule("vae"));
    assertRefused("power of two", estimator().setShards(3));
    assertRefused("multiple of 4", estimator().setBatch(10));
    assertRefused("5 workers can't share 4 shards", estimator().setWorkers(5));
    assertRefused("do not fill a batch of 64", estimator().setBatch(64));
    assertRefused("images of 31x31 pixels do not fit", estimator().setSide(31));
  }

  /** Checkpoints in a folder that is a file, which Spark tries four times. */
  @Test
  void aTrainingThatSparkGivesUpIsOneSentence() {
    String file = folder.resolve("photos/down1.png").toUri().toString();
    HebbianFeatures how = estimator().setWorkers(2).setCheckpointDir(file);
    String message =
        assertThrows(IllegalStateException.class, () -> how.fit(photos())).getMessage();
    assertTrue(message.startsWith("Spark gave the training up; run again, "), message);
    assertTrue(message.endsWith("not a directory: " + folder.resolve("photos/down1.png")), message);
  }

  /** A file system that only the settings of the session know, as they know the keys of a store. */
  @Test
  void checkpointsLieWhereTheSettingsOfTheSessionSay() throws Exception {
    Path kept = Files.createDirectory(folder.resolve("kept"));
    spark
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.viewfs.mounttable.store.link./job", kept.toUri().toString());
    Files.writeString(kept.resolve(".step-0000000001.safetensors.killed.part"), "half");
    HebbianFeatures how = estimator().setWorkers(2).setCheckpointEvery(2);
    byte[] trained = how.setCheckpointDir("viewfs://store/job").fit(photos()).toBytes();
    assertArrayEquals(model.toBytes(), trained);
    try (Stream<Path> files = Files.list(kept)) {
      assertEquals(
          List.of("step-0000000004.safetensors", "step-0000000005.safetensors"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(".crc"))
              .sorted()
              .toList());
    }
  }

  private static void assertRefused(String words, HebbianFeatures features) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> features.fit(photos())).getMessage();
    assertTrue(message.contains(words), message);
  }

  @Test
  void theSchemaIsKnownBeforeAnythingRuns() {
    var schema = estimator().transformSchema(photos().schema());
    assertEquals(
        DataTypes.createArrayType(DataTypes.FloatType, false), schema.apply("features").dataType());
    assertEquals(schema, model.transform(photos()).schema());
  }
}
