package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.distributed.ShardImages;
import org.fasthebb.models.distributed.ShardedTraining;
import org.fasthebb.models.distributed.Shards;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.PretrainSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints what a step costs by part, and what it would cost as a Spark job of its own. */
@Tag("long")
class OverheadTest {
  private static final int STEPS = 100;
  private static final int BATCH = 64;

  private static final int JOBS = 10;

  @TempDir Path folder;

  @Test
  void aStepByPart() throws Exception {
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2);
        SparkSession spark = cluster.session()) {
      ImageSource images = Shapes.generate(STEPS * BATCH, 1, 1).train();
      Dataset<Row> rows = PhotoFolder.rows(spark, images).cache();
      for (String rule : List.of("swta", "hpca")) {
        Measured.add(alone(rule, images));
        for (int workers : List.of(1, 2)) {
          HebbianFeatures how =
              new HebbianFeatures().setRule(rule).setEpochs(1).setBatch(BATCH).setWorkers(workers);
          String words = new Pretrainer(how, how.settings()).run(rows).costs();
          assertTrue(words.startsWith(STEPS + " steps of "), words);
          Measured.add("%s, %s workers: %s".formatted(rule, workers, words));
        }
      }
      for (int values : List.of(500_000, 10_000_000, 27_000_000)) {
        Measured.add("a job per step, %s MB: %s".formatted(values / 250_000, job(spark, values)));
      }
    }
  }

  /** As many steps of the same size without Spark, with all images in one shard, on one thread. */
  private static String alone(String rule, ImageSource images) throws Exception {
    PretrainSettings settings = new HebbianFeatures().setRule(rule).setBatch(BATCH).settings();
    ShardImages all = ShardImages.deal(images, new Shards(1)).getFirst();
    try (Backend cpu = Backend.cpu(1)) {
      ModelFile model = ShardedTraining.untrained(cpu, settings, all, 0);
      long start = System.nanoTime();
      InProcess.learn(model, settings, all, BATCH, STEPS);
      double each = (System.nanoTime() - start) * 1e-6 / STEPS;
      return String.format(Locale.ROOT, "%s, alone: %s steps of %.1f ms", rule, STEPS, each);
    }
  }

  /** Broadcasts weights and collects as many sums from each of two executors. */
  private static String job(SparkSession spark, int values) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    float[] weights = new float[values];
    double[] seconds = new double[JOBS];
    for (int i = 0; i < JOBS; i++) {
      Arrays.fill(weights, i);
      long start = System.nanoTime();
      Broadcast<float[]> sent = context.broadcast(weights);
      List<float[]> sums =
          context
              .parallelize(Collections.nCopies(2, 1), 2)
              .map(_ -> sent.value().clone())
              .collect();
      for (float[] sum : sums) {
        for (int at = 0; at < values; at++) {
          weights[at] += sum[at];
        }
      }
      seconds[i] = (System.nanoTime() - start) * 1e-9;
      sent.destroy();
      assertEquals(3f * i, weights[values - 1]);
    }
    Arrays.sort(seconds);
    return String.format(Locale.ROOT, "best %.2f s, median %.2f s", seconds[0], seconds[JOBS / 2]);
  }
}
