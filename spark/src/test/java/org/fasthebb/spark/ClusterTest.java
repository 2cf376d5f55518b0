package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.fasthebb.engine.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pre-training and features on a cluster of two executors, one of which is killed. */
class ClusterTest {
  @TempDir Path folder;

  private Dataset<Row> photos(SparkSession spark) {
    return spark.read().format("binaryFile").load(folder.resolve("photos").toString());
  }

  @Test
  void executorsTrainWhatOneProcessTrains() throws Exception {
    PhotoFolder.write(folder.resolve("photos"));
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2);
        SparkSession spark = cluster.session()) {
      HebbianFeatures how = HebbianFeaturesTest.estimator();
      HebbianFeaturesModel one = how.setWorkers(1).fit(photos(spark));
      HebbianFeaturesModel two = how.setWorkers(2).fit(photos(spark));
      String data = one.metadata().get("data");
      byte[] alone = InProcess.train(how.settings(), PhotoFolder.inMemory(), 4, data, 3);
      assertArrayEquals(alone, one.toBytes());
      assertArrayEquals(alone, two.toBytes());

      HebbianFeatures soft = HebbianFeaturesTest.estimator().setRule("swta").setWorkers(2);
      assertArrayEquals(
          InProcess.train(soft.settings(), PhotoFolder.inMemory(), 4, data, 3),
          soft.fit(photos(spark)).toBytes());

      String out = folder.resolve("features").toString();
      two.transform(photos(spark)).select("path", "features").write().parquet(out);
      Dataset<Row> read = spark.read().parquet(out);
      assertEquals(PhotoFolder.COUNT, read.count());
      assertEquals(4096, read.first().getList(1).size());
    }
  }

  /** Kills an executor once there is a checkpoint. */
  @Test
  void aKilledExecutorChangesNoBits() throws Exception {
    PhotoFolder.write(folder.resolve("photos"));
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 2);
        SparkSession spark = cluster.session()) {
      killAnExecutorWhileItTrains(cluster, spark);
    }
  }

  private void killAnExecutorWhileItTrains(LocalCluster cluster, SparkSession spark)
      throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    HebbianFeatures how =
        HebbianFeaturesTest.estimator()
            .setWorkers(2)
            .setEpochs(8)
            .setCheckpointEvery(10)
            .setCheckpointDir(checkpoints.toUri().toString());
    CompletableFuture<HebbianFeaturesModel> training =
        CompletableFuture.supplyAsync(() -> how.fit(photos(spark)));
    while (!training.isDone() && count(checkpoints) == 0) {
      Thread.sleep(20);
    }
    assertFalse(training.isDone(), "it was over before an executor could be killed");
    assertTrue(cluster.killExecutor(1));
    byte[] end = training.get(10, TimeUnit.MINUTES).toBytes();
    String data = training.get().metadata().get("data");
    assertArrayEquals(InProcess.train(how.settings(), PhotoFolder.inMemory(), 4, data, 3), end);
    assertEquals(2, count(checkpoints), "the newest two are kept");

    byte[] again = how.fit(photos(spark)).toBytes(); // all its steps are in the last checkpoint
    assertArrayEquals(end, again);
  }

  /** One of two workers has other kernels, until both are given the driver's. */
  @Test
  void executorsWithOtherKernelsAreRefusedUnlessOneIsForced() throws Exception {
    PhotoFolder.write(folder.resolve("photos"));
    HebbianFeatures how = HebbianFeaturesTest.estimator().setWorkers(2);
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 1)) {
      cluster.addWorker("-Dfasthebb.kernels=scalar");
      try (SparkSession spark = cluster.session()) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> how.fit(photos(spark))).getMessage();
        assertTrue(message.startsWith("other kernels give other last bits: "), message);
        assertTrue(message.contains(" at the driver, scalar at "), message);
      }
      String kernels = "-Dfasthebb.kernels=" + kernels();
      try (SparkSession spark =
          cluster.session(Map.of("spark.executor.extraJavaOptions", kernels))) {
        HebbianFeaturesModel forced = how.fit(photos(spark));
        String data = forced.metadata().get("data");
        assertArrayEquals(
            InProcess.train(how.settings(), PhotoFolder.inMemory(), 4, data, 3), forced.toBytes());
      }
    }
  }

  private static String kernels() {
    try (Backend cpu = Backend.cpu(1)) {
      return cpu.kernels();
    }
  }

  static long count(Path folder) throws Exception {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .filter(file -> file.getFileName().toString().startsWith("step-"))
          .count();
    }
  }
}
