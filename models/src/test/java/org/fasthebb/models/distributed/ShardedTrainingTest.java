package org.fasthebb.models.distributed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.use.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings by several workers, also such as are started again. */
class ShardedTrainingTest {
  private static final Shards SHARDS = new Shards(4);
  private static final int IMAGES = 21;

  /** The smallest that the small network takes. */
  private static final int SIDE = 24;

  private static final String DATA = "noise";

  @TempDir Path folder;

  private static byte[] pixels() {
    byte[] pixels = new byte[IMAGES * SIDE * SIDE * 3];
    new Random(1).nextBytes(pixels);
    return pixels;
  }

  private static ImageSet images(byte[] pixels) {
    return new ImageSet(SIDE, SIDE, 3, List.of("noise"), pixels, new int[IMAGES]);
  }

  private static PretrainSettings settings(int epochs) {
    return PretrainSettings.of(Method.named("hpca").orElseThrow()).during(epochs, 8);
  }

  /** Keeps checkpoints in a folder, and fails after some. */
  private final class InFolder implements Checkpoints {
    private int left;

    InFolder(int left) {
      this.left = left;
    }

    @Override
    public Path newest() {
      Path file = folder.resolve("checkpoint");
      return Files.exists(file) ? file : null;
    }

    @Override
    public void keep(Path file, long step) throws IOException {
      Files.copy(file, folder.resolve("checkpoint"));
      if (--left == 0) {
        throw new IOException("killed after step " + step);
      }
    }
  }

  /** The weights that all workers end with. */
  private static float[] train(int workers, int epochs, Checkpoints checkpoints, int every) {
    List<ShardImages> shards = ShardImages.deal(images(pixels()), SHARDS);
    List<float[]> ends =
        LocalTransport.run(
            workers,
            Duration.ofSeconds(60),
            own -> {
              Merger merger = new Merger(SHARDS, own);
              try (Backend cpu = Backend.cpu(1)) {
                ModelFile start =
                    ShardedTraining.untrained(cpu, settings(epochs), images(pixels()), 5);
                ShardedTraining training =
                    new ShardedTraining(
                        start, IMAGES, DATA, shards.subList(merger.first(), merger.end()), merger);
                assertEquals(2L * epochs, training.steps());
                training.run(checkpoints, every);
                assertCosts(workers, training.costs());
                training.requireFinite();
                return ShardedLearner.values(List.copyOf(start.network().tensors().values()));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    ends.forEach(end -> assertArrayEquals(ends.getFirst(), end));
    return ends.getFirst();
  }

  private static void assertCosts(int workers, StepCosts costs) {
    double exchanging = costs.moments() + costs.gathers() + costs.merges();
    assertEquals(workers > 1, costs.bytes() > 0);
    assertEquals(workers > 1, costs.moments() > 0 && costs.gathers() > 0 && costs.merges() > 0);
    assertEquals(workers > 1, costs.waiting() > 0);
    assertTrue(exchanging + costs.waiting() < costs.seconds(), costs::words);
    assertTrue(costs.words().startsWith(costs.steps() + " steps of "), costs::words);
  }

  @Test
  void aTrainingThatWasKilledEndsWithTheSameBits() {
    float[] whole = train(1, 2, Checkpoints.NONE, 1);
    assertArrayEquals(whole, train(3, 2, Checkpoints.NONE, 1));
    String killed =
        assertThrows(IllegalStateException.class, () -> train(2, 2, new InFolder(1), 3))
            .getMessage();
    assertTrue(killed.contains("killed after step 3"), killed); // in the second epoch
    assertArrayEquals(whole, train(4, 2, resumed(), 100));
    String other =
        assertThrows(IllegalStateException.class, () -> train(1, 1, resumed(), 100)).getMessage();
    assertTrue(other.contains("epochs is 2 there and 1 here"), other);
  }

  /** Reads the folder but keeps nothing. */
  private Checkpoints resumed() {
    InFolder saved = new InFolder(0);
    return new Checkpoints() {
      @Override
      public Path newest() {
        return saved.newest();
      }

      @Override
      public void keep(Path file, long step) {}
    };
  }

  @Test
  void theTrainedModelIsAModelLikeOthers() throws Exception {
    try (Backend cpu = Backend.cpu(1)) {
      ModelFile start = ShardedTraining.untrained(cpu, settings(1), images(pixels()), 5);
      float[] before = start.network().layers().getFirst().weights().toArray();
      Merger alone =
          LocalTransport.run(1, Duration.ZERO, own -> new Merger(SHARDS, own)).getFirst();
      ShardedTraining training =
          new ShardedTraining(
              start, IMAGES, DATA, ShardImages.deal(images(pixels()), SHARDS), alone);
      training.run(Checkpoints.NONE, 1);
      Path file = folder.resolve("pretrained.safetensors");
      training.trained(DATA).write(file);
      assertNotEquals(before[0], start.network().layers().getFirst().weights().toArray()[0]);
      try (Model model = Model.load(cpu, file)) {
        assertEquals(4096, model.features(new float[SIDE * SIDE * 3]).length);
        String identity = model.file().identity();
        assertTrue(identity.contains(" shards=4 kernels="), identity);
      }
    }
  }

  @Test
  void dealingDependsOnPixelsOnly() {
    byte[] pixels = pixels();
    byte[] rotated = new byte[pixels.length];
    int image = SIDE * SIDE * 3;
    System.arraycopy(pixels, image, rotated, 0, pixels.length - image);
    System.arraycopy(pixels, 0, rotated, pixels.length - image, image);
    List<ShardImages> dealt = ShardImages.deal(images(pixels), SHARDS);
    assertEquals(dealt, ShardImages.deal(images(rotated), SHARDS));
    assertFalse(dealt.get(0).equals(dealt.get(1)));
    List<Integer> sizes = new ArrayList<>();
    dealt.forEach(shard -> sizes.add(shard.size()));
    assertEquals(List.of(6, 5, 5, 5), sizes);
  }

  @Test
  void tooFewImagesAreRefused() {
    try (Backend cpu = Backend.cpu(1)) {
      ModelFile start = ShardedTraining.untrained(cpu, settings(1), images(pixels()), 5);
      Merger alone =
          LocalTransport.run(1, Duration.ZERO, own -> new Merger(SHARDS, own)).getFirst();
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new ShardedTraining(start, 7, DATA, List.of(), alone))
              .getMessage();
      assertTrue(message.contains("7 images") && message.contains("batch of 8"), message);
      PretrainSettings vae = usual("vae");
      assertThrows(
          IllegalArgumentException.class,
          () -> ShardedTraining.untrained(cpu, vae, images(pixels()), 5));
    }
  }

  /** A layer of patches starts from the whitening of the sample; branches are refused. */
  @Test
  void networksStartAsTheirMethodSays() {
    ImageSource sample = Shapes.generate(20, 1, 1).train();
    try (Backend cpu = Backend.cpu(1)) {
      ModelFile start = ShardedTraining.untrained(cpu, usual("patches"), sample, 5);
      float[] mean = start.network().tensors().get("whitening1.mean").toArray();
      assertFalse(Arrays.equals(new float[mean.length], mean));
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> ShardedTraining.untrained(cpu, usual("softhebb-patches"), sample, 5))
              .getMessage();
      assertTrue(message.startsWith("shards cannot train the branches of"), message);
    }
  }

  private static PretrainSettings usual(String method) {
    return PretrainSettings.of(Method.named(method).orElseThrow());
  }
}
