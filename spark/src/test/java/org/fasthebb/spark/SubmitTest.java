package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.retrieval.Distance;
import org.fasthebb.models.retrieval.RetrievalScores;
import org.fasthebb.models.retrieval.Search;
import org.fasthebb.tools.Main;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features of 2,000 JPEG files, computed by {@code spark-submit} on two executors. */
@Tag("long")
class SubmitTest {
  private static final int TRAIN = 1600;
  private static final int TEST = 400;
  private static final int NEIGHBOURS = 10;

  @TempDir Path folder;

  private void write(String part, ImageSource images) throws Exception {
    for (int i = 0; i < images.size(); i++) {
      String name = images.classNames().get(images.label(i));
      Path photos = Files.createDirectories(folder.resolve("photos").resolve(part).resolve(name));
      Files.write(photos.resolve(i + ".jpg"), PhotoFolder.file(images, i, "jpg"));
    }
  }

  @Test
  void searchFindsWhatTheCommandFinds() throws Exception {
    DataSet shapes = Shapes.generate(TRAIN, TEST, 1);
    write("train", shapes.train());
    write("test", shapes.test());
    Path model = folder.resolve("model.safetensors");
    HebbianFeatures how = new HebbianFeatures().setRule("hpca").setEpochs(1);
    Files.write(model, InProcess.train(how.settings(), shapes.train(), 8, "shapes", 1));
    Path parquet = folder.resolve("features");
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2)) {
      Process job =
          cluster.submit(
              "job",
              "features",
              "--data-dir",
              folder.resolve("photos").toString(),
              "--model",
              model.toString(),
              "--out",
              parquet.toString());
      assertTrue(job.waitFor(10, TimeUnit.MINUTES));
      assertEquals(0, job.exitValue(), Files.readString(cluster.log("job")));
    }
    double expected = commandsAccuracy(model);
    Measured.add("accuracy of retrieve and of Parquet: " + expected);
    double chance = 1.0 / shapes.train().classes();
    double deviation = Math.sqrt(chance * (1 - chance) / TEST);
    assertTrue(expected > chance + 3 * deviation, "it is near chance: " + expected);
    assertEquals(expected, accuracy(parquet));
  }

  private double commandsAccuracy(Path model) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            "retrieve",
            "--json",
            "--model",
            model.toString(),
            "--data",
            "folder",
            "--data-dir",
            folder.resolve("photos").toString());
    assertEquals(0, code, err::toString);
    JsonObject scores = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals(NEIGHBOURS, scores.get("k").getAsInt());
    assertEquals(TRAIN, scores.get("database").getAsInt());
    return scores.get("knn_accuracy").getAsDouble();
  }

  /** The accuracy by the features that were written. */
  private double accuracy(Path parquet) throws Exception {
    List<Row> train = new ArrayList<>();
    List<Row> test = new ArrayList<>();
    try (SparkSession spark = HebbianFeaturesTest.local(folder)) {
      for (Row row : spark.read().parquet(parquet.toString()).sort("path").collectAsList()) {
        (row.<String>getAs("path").contains("/train/") ? train : test).add(row);
      }
    }
    assertEquals(TRAIN, train.size());
    assertEquals(TEST, test.size());
    try (Backend cpu = Backend.cpu()) {
      return RetrievalScores.of(
              new Search(features(cpu, train), Distance.COSINE),
              labels(train),
              features(cpu, test),
              labels(test),
              NEIGHBOURS)
          .accuracy();
    }
  }

  /** (rows, features). */
  private static Tensor features(Backend cpu, List<Row> rows) {
    int n = rows.getFirst().getList(rows.getFirst().fieldIndex("features")).size();
    float[] values = new float[rows.size() * n];
    for (int r = 0; r < rows.size(); r++) {
      List<Float> own = rows.get(r).getList(rows.get(r).fieldIndex("features"));
      for (int i = 0; i < n; i++) {
        values[r * n + i] = own.get(i);
      }
    }
    Tensor features = cpu.empty(rows.size(), n);
    features.write(values);
    return features;
  }

  private static int[] labels(List<Row> rows) {
    List<String> classes = rows.stream().map(SubmitTest::className).distinct().sorted().toList();
    return rows.stream().mapToInt(row -> classes.indexOf(className(row))).toArray();
  }

  private static String className(Row row) {
    return Path.of(URI.create(row.getAs("path"))).getParent().getFileName().toString();
  }
}
