package org.fasthebb.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.distributed.Checkpoints;
import org.fasthebb.models.distributed.LocalTransport;
import org.fasthebb.models.distributed.Merger;
import org.fasthebb.models.distributed.ShardImages;
import org.fasthebb.models.distributed.ShardedTraining;
import org.fasthebb.models.distributed.Shards;
import org.fasthebb.models.network.Sequence;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.PretrainSettings;

/** The same training without Spark. */
final class InProcess {
  private InProcess() {}

  /** The content of the model file. */
  static byte[] train(
      PretrainSettings settings, ImageSource images, int shards, String data, long seed) {
    return LocalTransport.run(
            1,
            Duration.ofMinutes(1),
            own -> {
              Merger merger = new Merger(new Shards(shards), own);
              try (Backend cpu = Backend.cpu(1)) {
                ModelFile start = ShardedTraining.untrained(cpu, settings, inOrder(images), seed);
                List<ShardImages> dealt = ShardImages.deal(images, merger.shards());
                ShardedTraining training =
                    new ShardedTraining(start, images.size(), data, dealt, merger);
                training.run(Checkpoints.NONE, 1);
                try (LocalFolder local = new LocalFolder()) {
                  return local.bytes(training.trained(data));
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .getFirst();
  }

  /** Learns some steps without shards, as one machine does: each from the next images in order. */
  static void learn(
      ModelFile model, PretrainSettings settings, ImageSource images, int batch, int steps) {
    for (int step = 0; step < steps; step++) {
      int[] numbers = IntStream.range(step * batch, (step + 1) * batch).toArray();
      try (Scope _ = model.network().backend().scope()) {
        Tensor some = model.inputs().batch(images, numbers);
        model.network().learn(some, settings.eta(), Sequence.Observer.NONE);
      }
    }
  }

  /** All images in the order of their digests. */
  private static ShardImages inOrder(ImageSource images) {
    ShardImages all = ShardImages.deal(images, new Shards(1)).getFirst();
    Stream<byte[]> sorted = all.pixels().stream().sorted(Comparator.comparing(ShardImages::digest));
    return new ShardImages(all.side(), all.channels(), sorted.toList());
  }
}
