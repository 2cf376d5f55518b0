package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever process of a cluster is killed, training ends with the same bits. */
@Tag("long")
class FaultsTest {
  private static final int KILLS = 10;
  private static final int MOST_MILLIS = 8_000;

  /** Spark gives a stage up after four failures in a row. */
  private static final Map<String, String> PATIENT =
      Map.of("spark.stage.maxConsecutiveAttempts", "100");

  @TempDir Path folder;
  private Path checkpoints;

  @BeforeEach
  void photos() throws Exception {
    PhotoFolder.write(folder.resolve("photos"));
    checkpoints = folder.resolve("checkpoints");
  }

  private HebbianFeatures estimator(int epochs) {
    return HebbianFeaturesTest.estimator()
        .setWorkers(2)
        .setEpochs(epochs)
        .setCheckpointEvery(5)
        .setCheckpointDir(checkpoints.toUri().toString());
  }

  private CompletableFuture<HebbianFeaturesModel> fit(SparkSession spark, HebbianFeatures how) {
    String photos = folder.resolve("photos").toString();
    return CompletableFuture.supplyAsync(
        () -> how.fit(spark.read().format("binaryFile").load(photos)));
  }

  private static void assertSameBits(HebbianFeatures how, HebbianFeaturesModel end) {
    String data = end.metadata().get("data");
    assertArrayEquals(
        InProcess.train(how.settings(), PhotoFolder.inMemory(), 4, data, 3), end.toBytes());
  }

  private void awaitCheckpoint(CompletableFuture<?> training) throws Exception {
    while (!training.isDone() && ClusterTest.count(checkpoints) == 0) {
      Thread.sleep(20);
    }
    assertFalse(training.isDone(), "it was over before anything could be killed");
  }

  /**
   * Trains again and again until enough executors have been killed: every other one while the
   * images are read or workers start, or a while after; the rest a while after training goes on.
   */
  @Test
  void executorsAreKilledAtRandomMoments() throws Exception {
    Random random = new Random(1);
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2);
        SparkSession spark = cluster.session(PATIENT)) {
      int trainings = 0;
      for (int kills = 0; kills < KILLS; trainings++) {
        HebbianFeatures how = estimator(200 + trainings); // other checkpoints do not fit
        Path own = checkpoints.resolve("" + trainings);
        how.setCheckpointDir(own.toUri().toString());
        CompletableFuture<HebbianFeaturesModel> training = fit(spark, how);
        while (kills < KILLS
            && (kills % 2 == 0 || goesOn(training, own))
            && !isDoneIn(training, random.nextInt(MOST_MILLIS))) {
          kills += cluster.killExecutor(random.nextInt(2)) ? 1 : 0;
        }
        assertSameBits(how, training.get(10, TimeUnit.MINUTES));
      }
      Measured.add("%s executors killed in %s trainings".formatted(KILLS, trainings));
    }
  }

  /** The name of the newest checkpoint; empty if there is none. */
  private static String newest(Path folder) throws Exception {
    if (!Files.exists(folder)) {
      return "";
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .max(Comparator.naturalOrder())
          .orElse("");
    }
  }

  /** Waits until training goes on; false if it ends. */
  private static boolean goesOn(CompletableFuture<?> training, Path folder) throws Exception {
    String before = newest(folder);
    while (!training.isDone() && newest(folder).equals(before)) {
      Thread.sleep(20);
    }
    return !training.isDone();
  }

  private static boolean isDoneIn(CompletableFuture<?> training, int millis) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!training.isDone() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return training.isDone();
  }

  /** The same command goes on from the checkpoint of a driver that was killed. */
  @Test
  void theDriverIsKilled() throws Exception {
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2)) {
      HebbianFeatures how = estimator(100);
      String out = folder.resolve("model").toString();
      String[] command = {
        "pretrain",
        "--data-dir",
        folder.resolve("photos").toString(),
        "--out",
        out,
        "--side",
        "" + PhotoFolder.SIDE,
        "--rule",
        "hpca",
        "--epochs",
        "100",
        "--batch",
        "8",
        "--shards",
        "4",
        "--seed",
        "3",
        "--workers",
        "2",
        "--checkpoint-every",
        "5",
        "--checkpoint-dir",
        checkpoints.toUri().toString()
      };
      Process driver = cluster.submit("driver", command);
      awaitCheckpoint(driver.onExit());
      driver.destroyForcibly().waitFor();
      assertFalse(Files.exists(Path.of(out)));
      Process again = cluster.submit("driver-again", command);
      assertTrue(again.waitFor(10, TimeUnit.MINUTES));
      assertEquals(0, again.exitValue(), () -> read(cluster.log("driver-again")));
      assertSameBits(how, HebbianFeaturesModel.fromFile(Path.of(out, "model.safetensors")));
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (java.io.IOException e) {
      return log + ": " + e.getMessage();
    }
  }
}
