package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.fasthebb.engine.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pre-training and features on a cluster of two executors. */
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
}
