package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.Cifar10;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.distributed.LocalTransport;
import org.fasthebb.models.distributed.Merger;
import org.fasthebb.models.distributed.ShardImages;
import org.fasthebb.models.distributed.ShardedLearner;
import org.fasthebb.models.distributed.ShardedTraining;
import org.fasthebb.models.distributed.Shards;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.PretrainSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hundred steps of the small network with batches of 64, on CIFAR-10 if its folder is given by
 * {@code -Dfasthebb.cifar10}, else on drawn shapes.
 */
@Tag("long")
class ManyWorkersTest {
  private static final int STEPS = 100;
  private static final int BATCH = 64;
  private static final int SHARDS = 4;
  private static final int SEED = 3;

  @TempDir Path folder;

  private static ImageSource images() throws Exception {
    String cifar10 = System.getProperty("fasthebb.cifar10");
    ImageSource all =
        cifar10 == null
            ? Shapes.generate(STEPS * BATCH, 1, SEED).train()
            : Cifar10.read(Path.of(cifar10)).train();
    List<byte[]> first = new ArrayList<>();
    for (int i = 0; i < STEPS * BATCH; i++) {
      first.add(new byte[all.imageBytes()]);
      all.read(i, first.getLast(), 0);
    }
    return new ShardImages(all.height(), all.channels(), first);
  }

  private static HebbianFeatures estimator(String rule) {
    return new HebbianFeatures()
        .setRule(rule)
        .setEpochs(1)
        .setBatch(BATCH)
        .setShards(SHARDS)
        .setSeed(SEED);
  }

  /** Three workers do not share four shards equally. */
  @ParameterizedTest
  @ValueSource(strings = {"swta", "hpca"})
  void oneToFourWorkersTrainTheSameBits(String rule) throws Exception {
    ImageSource images = images();
    try (LocalCluster cluster = new LocalCluster(folder.resolve("spark"), 4);
        SparkSession spark = cluster.session()) {
      Dataset<Row> rows = PhotoFolder.rows(spark, images).cache();
      byte[] alone = null;
      for (int workers = 1; workers <= 4; workers++) {
        HebbianFeatures how = estimator(rule).setWorkers(workers);
        HebbianFeaturesModel model = how.fit(rows);
        if (alone == null) {
          String data = model.metadata().get("data");
          alone = InProcess.train(how.settings(), images, SHARDS, data, SEED);
        }
        assertArrayEquals(alone, model.toBytes(), workers + " workers");
      }
    }
  }

  /** The same batches, cut into shards and whole as one machine learns them. */
  @ParameterizedTest
  @ValueSource(strings = {"swta", "hpca"})
  void aSingleShardIsOneMachineAndFourDifferByRounding(String rule) throws Exception {
    PretrainSettings settings = estimator(rule).settings();
    ImageSource images = images();
    List<float[]> alone = new ArrayList<>();
    try (Backend cpu = Backend.cpu(2)) {
      ModelFile model = ShardedTraining.untrained(cpu, settings, images, SEED);
      InProcess.learn(model, settings, images, BATCH, STEPS);
      alone.addAll(weights(model.network()));
    }
    assertEquals(0, difference(alone, sharded(1, settings, images)));
    double four = difference(alone, sharded(SHARDS, settings, images));
    Measured.add(
        String.format(
            Locale.ROOT,
            "%s: %s steps with %s shards differ by %.1e of the weights",
            rule,
            STEPS,
            SHARDS,
            four));
    assertTrue(four > 0 && four < 1e-5, "relative difference " + four);
  }

  private static int[] numbers(int from, int count) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> from + i);
    return numbers;
  }

  private static List<float[]> sharded(int p, PretrainSettings settings, ImageSource images) {
    return LocalTransport.run(
            1,
            Duration.ofMinutes(1),
            own -> {
              try (Backend cpu = Backend.cpu(2)) {
                ModelFile model = ShardedTraining.untrained(cpu, settings, images, SEED);
                Merger merger = new Merger(new Shards(p), own);
                ShardedLearner learner =
                    new ShardedLearner(model.network(), settings.eta(), merger);
                int each = BATCH / p;
                for (int step = 0; step < STEPS; step++) {
                  try (Scope _ = cpu.scope()) {
                    List<Tensor> batch = new ArrayList<>();
                    for (int shard = 0; shard < p; shard++) {
                      int from = step * BATCH + shard * each;
                      batch.add(model.inputs().batch(images, numbers(from, each)));
                    }
                    learner.learn(batch);
                  }
                }
                return weights(model.network());
              }
            })
        .getFirst();
  }

  private static List<float[]> weights(Network network) {
    return network.tensors().values().stream().map(Tensor::toArray).toList();
  }

  /** The largest over tensors: length of the difference by the length of what is expected. */
  private static double difference(List<float[]> expected, List<float[]> actual) {
    double most = 0;
    for (int t = 0; t < expected.size(); t++) {
      double difference = 0;
      double length = 0;
      for (int i = 0; i < expected.get(t).length; i++) {
        difference += Math.pow((double) expected.get(t)[i] - actual.get(t)[i], 2);
        length += Math.pow(expected.get(t)[i], 2);
      }
      most = Math.max(most, Math.sqrt(difference / Math.max(length, Double.MIN_NORMAL)));
    }
    return most;
  }
}
