package org.fasthebb.models.learn;

import static org.fasthebb.engine.Contraction.contract;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.PngSource;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.StepProgress;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.CheckpointException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which images each step gets, and what is left when training ends, is killed, or diverges. */
class TrainingLoopTest {
  private static final StepProgress SILENT = (_, _, _, _, _) -> {};

  @TempDir Path dir;
  private Backend backend = Backend.cpu(2);

  @AfterEach
  void close() {
    backend.close();
  }

  /** Images of 2x2x3; the first byte of each is its number. */
  private static ImageSet images(int count) {
    byte[] pixels = new byte[count * 12];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 3;
      for (int p = 0; p < 12; p++) {
        pixels[i * 12 + p] = (byte) (p == 0 ? i : 31 * i + 57 * p);
      }
    }
    return new ImageSet(2, 2, 3, List.of("a", "b", "c"), pixels, labels);
  }

  /**
   * A linear map from images to classes: the sum of outer products of image and target, with decay.
   */
  private class Sums implements Learner {
    final Tensor weight = backend.zeros(3, 12);
    double[] validations = {};
    int validated;

    @Override
    public Map<String, Tensor> tensors() {
      return Map.of("weight", weight);
    }

    @Override
    public void step(Batch batch, int epoch) {
      Tensor x = batch.images().reshape(batch.images().size(0), 12);
      weight.timesAssign(0.9f).addAssign(contract("bc,bs->cs", batch.targets(), x));
      batch.lossSum().addAssign(x.sum().reshape(1));
    }

    @Override
    public float rate(int epoch) {
      return 0.5f;
    }

    @Override
    public double validate(DataLoader examples) {
      return validations.length == 0 ? 0 : validations[validated++];
    }
  }

  /** Records all progress, and throws where a test wants the program to be killed. */
  private static final class Recorder implements Progress {
    final List<Long> done = new ArrayList<>();
    final List<String> messages = new ArrayList<>();
    final List<Double> losses = new ArrayList<>();
    int saves;

    /** Images after which the program is killed. */
    long end = Long.MAX_VALUE;

    @Override
    public void message(String text) {
      messages.add(text);
    }

    @Override
    public void step(String phase, int epoch, int epochs, long seen, long total) {
      done.add(seen);
      if (seen >= end) {
        throw new IllegalStateException("killed");
      }
    }

    @Override
    public void saved() {
      saves++;
    }

    @Override
    public void epoch(
        String phase, int epoch, int epochs, double loss, Criterion criterion, double value) {
      losses.add(loss);
    }
  }

  private final Preprocessing pixels =
      new Preprocessing(backend, new ChannelStats(new double[3], new double[] {1, 1, 1}), null);

  /** Images to validate on. */
  private int[] validation = {};

  /** How often to save. */
  private SavePace pace = SavePace.USUAL;

  private TrainingLoop loop(
      Learner learner, Preprocessing inputs, ImageSource set, int epochs, Progress progress) {
    int[] all = IntStream.range(0, set.size()).toArray();
    return new TrainingLoop(
        learner,
        inputs,
        new Examples(set, all),
        new Examples(set, validation),
        new TrainingLoop.Plan("pretrain", epochs, 4, 9),
        dir.resolve("state"),
        "test",
        pace,
        progress);
  }

  private List<Long> seen(int images) throws CheckpointException {
    Recorder progress = new Recorder();
    loop(new Sums(), pixels, images(images), 1, progress).run();
    return progress.done;
  }

  @Test
  void aSingleLastImageJoinsTheBatchBefore() throws CheckpointException {
    assertEquals(List.of(4L, 8L, 10L), seen(10));
    assertEquals(List.of(4L, 9L), seen(9));
    assertEquals(List.of(4L, 8L), seen(8));
    assertEquals(List.of(5L), seen(5));
    assertEquals(List.of(3L), seen(3));
  }

  @Test
  void oneImageIsTooFew() {
    var error = assertThrows(IllegalArgumentException.class, () -> seen(1));
    assertEquals("training needs at least 2 images, but there is 1", error.getMessage());
  }

  @Test
  void theLossOfAnEpochIsOfAllImages() throws CheckpointException {
    ImageSet set = images(11);
    double sum = 0;
    byte[] image = new byte[12];
    for (int i = 0; i < 11; i++) {
      set.read(i, image, 0);
      for (byte value : image) {
        sum += Byte.toUnsignedInt(value) / 255.0;
      }
    }
    History history = loop(new Sums(), pixels, set, 3, new Recorder()).run();
    assertEquals(3, history.losses().size());
    for (double loss : history.losses()) {
      assertEquals(sum / 11, loss, 1e-5);
    }
  }

  @Test
  void theBestEpochsWeightsAreLeft() throws CheckpointException {
    Sums oneEpoch = new Sums();
    loop(oneEpoch, pixels, images(10), 1, new Recorder()).run();
    float[] afterOne = oneEpoch.weight.toArray();
    Sums learner = new Sums();
    validation = new int[] {0};
    learner.validations = new double[] {0.5, 0.4, 0.5};
    History history = loop(learner, pixels, images(10), 3, new Recorder()).run();
    assertEquals(1, history.bestEpoch());
    assertEquals(0.5, history.accuracy());
    assertEquals(List.of(0.5, 0.4, 0.5), history.accuracies());
    assertArrayEquals(afterOne, learner.weight.toArray());
  }

  @Test
  void aKilledRunGoesOnFromTheMiddleOfAnEpoch() throws IOException {
    Sums whole = new Sums();
    Recorder wholeProgress = new Recorder();
    loop(whole, pixels, images(9), 3, wholeProgress).run();
    List<Long> steps = wholeProgress.done;
    assertEquals(List.of(4L, 9L, 13L, 18L, 22L, 27L), steps);
    for (int kill = 0; kill < steps.size(); kill++) {
      Recorder killed = new Recorder();
      killed.end = steps.get(kill);
      pace = SavePace.every(0); // after every step
      TrainingLoop first = loop(new Sums(), pixels, images(9), 3, killed);
      assertThrows(IllegalStateException.class, first::run);
      assertEquals(kill, killed.saves);

      Recorder rest = new Recorder();
      Sums resumed = new Sums();
      History history = loop(resumed, pixels, images(9), 3, rest).run();
      assertArrayEquals(whole.weight.toArray(), resumed.weight.toArray());
      assertEquals(wholeProgress.losses, history.losses());
      assertEquals(steps.subList(kill, steps.size()), rest.done); // that step was not saved
      List<String> resuming =
          List.of(
              "resuming pretrain at epoch %s, after %s of its 9 images"
                  .formatted(kill / 2 + 1, kill % 2 * 4));
      assertEquals(kill == 0 ? List.of() : resuming, rest.messages);
      Files.deleteIfExists(dir.resolve("state"));
    }
  }

  @Test
  void stateOfAnotherRunIsRefused() throws IOException {
    pace = SavePace.every(0);
    loop(new Sums(), pixels, images(10), 1, new Recorder()).run();
    assertTrue(Files.exists(dir.resolve("state")));
    TrainingLoop other =
        new TrainingLoop(
            new Sums(),
            pixels,
            Examples.all(images(10)),
            new Examples(images(10), new int[0]),
            new TrainingLoop.Plan("pretrain", 1, 4, 9),
            dir.resolve("state"),
            "another",
            pace,
            new Recorder());
    assertThrows(CheckpointException.class, other::run);
  }

  @Test
  void weightsThatAreNotFiniteEndTraining() {
    Sums learner =
        new Sums() {
          @Override
          public void step(Batch batch, int epoch) {
            super.step(batch, epoch);
            weight.timesAssign(epoch == 1 ? Float.POSITIVE_INFINITY : 1);
          }
        };
    TrainingLoop loop = loop(learner, pixels, images(10), 3, new Recorder());
    String message = assertThrows(DivergedException.class, loop::run).getMessage();
    assertEquals(
        "pretrain diverged in epoch 2 at a learning rate of 0.5: weight holds values that are not"
            + " finite; choose a lower learning rate",
        message);
    assertFalse(Files.exists(dir.resolve("state")));
  }

  @Test
  void anEndlessLossOrScoresThatAreNoNumbersEndTraining() {
    Sums costly =
        new Sums() {
          @Override
          public void step(Batch batch, int epoch) {
            super.step(batch, epoch);
            batch.lossSum().fill(1e20f);
          }
        };
    String loss =
        assertThrows(
                DivergedException.class,
                () -> loop(costly, pixels, images(10), 1, new Recorder()).run())
            .getMessage();
    assertTrue(loss.contains(": the loss is "), loss);
    validation = new int[] {0};
    Sums mute = new Sums();
    mute.validations = new double[] {Double.NaN};
    String scores =
        assertThrows(
                DivergedException.class,
                () -> loop(mute, pixels, images(10), 1, new Recorder()).run())
            .getMessage();
    assertTrue(scores.contains("outputs of the network"), scores);
  }

  /** A run with whitening has the same bits for any source of images and any number of threads. */
  @Test
  void imagesDecodedWhenAskedForTrainTheSameBits() throws IOException {
    ImageSet memory = images(21);
    List<float[]> weights = new ArrayList<>();
    for (int threads : new int[] {1, 3}) {
      for (ImageSource set : List.of(memory, new PngSource(memory))) {
        for (int epochs : new int[] {2, 1}) { // kept in memory, and not
          try (Backend cpu = Backend.cpu(threads)) {
            backend.close();
            backend = cpu;
            Preprocessing normalized = Preprocessing.fit(cpu, Examples.all(set));
            DataLoader fitted = DataLoader.once(normalized, Examples.all(set));
            Zca zca = Zca.fit(fitted, 2, Zca.EPSILON, SILENT);
            Preprocessing whitened = new Preprocessing(cpu, normalized.stats(), zca);
            Sums learner = new Sums();
            loop(learner, whitened, set, epochs, new Recorder()).run();
            weights.add(learner.weight.toArray());
          }
        }
      }
    }
    for (int i = 2; i < weights.size(); i++) {
      assertArrayEquals(weights.get(i % 2), weights.get(i));
    }
    assertEquals(8, weights.size());
  }
}
