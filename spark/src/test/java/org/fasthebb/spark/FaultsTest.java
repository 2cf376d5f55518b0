package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever process of a cluster is killed, training ends with the same bits. */
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

  /** Kills an executor once there is a checkpoint. */
  @Test
  void anExecutorIsKilled() throws Exception {
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2);
        SparkSession spark = cluster.session()) {
      HebbianFeatures how = estimator(8);
      CompletableFuture<HebbianFeaturesModel> training = fit(spark, how);
      awaitNext(training, checkpoints);
      assertTrue(cluster.killExecutor(1));
      HebbianFeaturesModel end = training.get(10, TimeUnit.MINUTES);
      assertSameBits(how, end);
      assertEquals(2, kept(checkpoints).size(), "the newest two are kept");

      // All its steps are in the last checkpoint.
      assertArrayEquals(end.toBytes(), fit(spark, how).get().toBytes());
    }
  }

  /** One of two workers is lost for good, then the other; then a new one goes on. */
  @Test
  void workersAreLostForGood() throws Exception {
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2);
        SparkSession spark = cluster.session()) {
      HebbianFeatures how = estimator(100).setTimeout(20);
      CompletableFuture<HebbianFeaturesModel> training = fit(spark, how);
      awaitNext(training, checkpoints);
      cluster.killWorker(1);
      assertTrue(takesSteps(training, checkpoints), "it did not go on with one worker");
      cluster.killWorker(0);
      Throwable lost =
          assertThrows(ExecutionException.class, () -> training.get(10, TimeUnit.MINUTES))
              .getCause();
      assertEquals(
          "all executors are lost, and none has come for 20 s; start some and run again, and"
              + " training goes on from its last checkpoint if checkpointDir names a folder",
          lost.getMessage());

      Path last = newest(checkpoints);
      cluster.addWorker();
      assertSameBits(how, fit(spark, how.setWorkers(1)).get(10, TimeUnit.MINUTES));
      assertNotEquals(last, newest(checkpoints), "there was nothing left to train");
    }
  }

  /**
   * Trains again and again until enough executors have been killed: every other one at any moment,
   * as while images are read or workers start; the rest while workers take steps.
   */
  @Tag("long")
  @Test
  void executorsAreKilledAtRandomMoments() throws Exception {
    Random random = new Random(1);
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2);
        SparkSession spark = cluster.session(PATIENT)) {
      int trainings = 0;
      List<String> moments = new ArrayList<>();
      for (int kills = 0; kills < KILLS; trainings++) {
        HebbianFeatures how = estimator(200 + trainings); // other checkpoints do not fit
        Path own = checkpoints.resolve("" + trainings);
        how.setCheckpointDir(own.toUri().toString());
        CompletableFuture<HebbianFeaturesModel> training = fit(spark, how);
        while (kills < KILLS
            && !isDoneIn(training, random.nextInt(MOST_MILLIS))
            && (kills % 2 == 0 || takesSteps(training, own))) {
          Path last = newest(own);
          if (cluster.killExecutor(random.nextInt(2))) {
            kills++;
            moments.add(last == null ? "none" : last.getFileName().toString());
          }
        }
        assertSameBits(how, training.get(10, TimeUnit.MINUTES));
      }
      Measured.add(
          "%s executors killed in %s trainings; newest checkpoints then: %s"
              .formatted(KILLS, trainings, moments));
    }
  }

  /** Checkpoints that are whole, the oldest first. */
  private static List<Path> kept(Path folder) throws Exception {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("step-"))
          .sorted()
          .toList();
    }
  }

  /** The newest checkpoint; null if there is none. */
  private static Path newest(Path folder) throws Exception {
    List<Path> kept = kept(folder);
    return kept.isEmpty() ? null : kept.getLast();
  }

  /** Waits until training goes on; false if it ends. */
  private static boolean goesOn(CompletableFuture<?> training, Path folder) throws Exception {
    Path before = newest(folder);
    while (!training.isDone() && Objects.equals(newest(folder), before)) {
      Thread.sleep(20);
    }
    return !training.isDone();
  }

  /** Waits for two checkpoints, the first of which may have been begun before the last kill. */
  private static boolean takesSteps(CompletableFuture<?> training, Path folder) throws Exception {
    boolean first = goesOn(training, folder);
    return first && goesOn(training, folder);
  }

  private static void awaitNext(CompletableFuture<?> training, Path folder) throws Exception {
    assertTrue(goesOn(training, folder), "it was over before anything could be killed");
  }

  private static boolean isDoneIn(CompletableFuture<?> training, int millis) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!training.isDone() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return training.isDone();
  }

  /** The same command goes on from the checkpoint of a driver that was killed. */
  @Tag("long")
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
      awaitNext(driver.onExit(), checkpoints);
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
