package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.FeatureFile;
import org.fasthebb.models.inputs.InputSource;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.network.Vae;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.random.Rng;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every learner, killed after any number of steps, resumes in the middle of the epoch and ends with
 * the same bits: weights, running statistics, the state of its optimiser, losses and validations.
 */
class ResumedLearnersTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int SIDE = 6;
  private static final int EPOCHS = 3;
  private static final int STEPS = 3; // of an epoch of 21 images: 8, 8 and 5

  private static final int[] TRAINING = {
    4, 9, 2, 25, 13, 7, 0, 18, 11, 5, 22, 3, 16, 8, 1, 20, 6, 14, 10, 19, 12
  };
  private static final int[] VALIDATION = {15, 17, 21, 23, 24, 26, 27};

  @TempDir Path dir;
  private final ImageSet set = set();
  private final Preprocessing images = Preprocessing.fit(CPU, Examples.all(set));

  /** Makes a learner in its first state. */
  private interface Start {
    Learner learner();
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static ImageSet set() {
    int count = TRAINING.length + VALIDATION.length;
    byte[] pixels = new byte[count * SIDE * SIDE * 3];
    int[] labels = new int[count];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (int) (255 * Rng.uniform(5, i));
    }
    Arrays.setAll(labels, i -> i % 3);
    return new ImageSet(SIDE, SIDE, 3, List.of("a", "b", "c"), pixels, labels);
  }

  private static Network network(Neurons neurons) {
    return new Network(CPU, LearnersTest.TINY, neurons, 1);
  }

  /** What is left of a run, as text: numbers are written without loss. */
  private static Map<String, String> left(Learner learner, History history) {
    Map<String, String> left = new LinkedHashMap<>();
    learner.tensors().forEach((name, tensor) -> left.put(name, Arrays.toString(tensor.toArray())));
    left.put("losses", history.losses().toString());
    left.put("accuracies", history.accuracies().toString());
    left.put("validation losses", history.validationLosses().toString());
    left.put("best epoch", Integer.toString(history.bestEpoch()));
    return left;
  }

  /** Ends the program before the save after step {@code end}, counted from 1. */
  private record Killer(int end, int[] steps) implements Progress {
    Killer(int end) {
      this(end, new int[1]);
    }

    @Override
    public void message(String text) {}

    @Override
    public void step(String phase, int epoch, int epochs, long done, long total) {
      if (++steps[0] == end) {
        throw new IllegalStateException("killed");
      }
    }

    @Override
    public void epoch(
        String phase, int epoch, int epochs, double loss, Criterion criterion, double value) {}
  }

  private Map<String, String> run(InputSource inputs, Start start, Path state, int end)
      throws IOException {
    Learner learner = start.learner();
    TrainingLoop loop =
        new TrainingLoop(
            learner,
            inputs,
            new Examples(set, TRAINING),
            new Examples(set, VALIDATION),
            new TrainingLoop.Plan("phase", EPOCHS, 8, 9),
            state,
            "test",
            SavePace.every(0),
            new Killer(end));
    return left(learner, loop.run());
  }

  private void assertResumes(InputSource inputs, Start start) throws IOException {
    Path folder = Files.createTempDirectory(dir, "runs");
    Map<String, String> calm = run(inputs, start, folder.resolve("calm"), -1);
    for (int end = 2; end <= EPOCHS * STEPS; end++) { // the first step is not saved yet
      Path state = folder.resolve("killed" + end);
      int kill = end;
      assertThrows(IllegalStateException.class, () -> run(inputs, start, state, kill));
      assertEquals(calm, run(inputs, start, state, -1), "killed in step " + end);
    }
    Path again = folder.resolve("killed again and again");
    for (int kill = 1; kill < EPOCHS * STEPS; kill++) {
      assertThrows(IllegalStateException.class, () -> run(inputs, start, again, 2)); // a step each
    }
    assertEquals(calm, run(inputs, start, again, -1));
  }

  @Test
  void softWinnerTakesAll() throws IOException {
    assertResumes(
        images, () -> new HebbianLearner(network(Neurons.hebbian(new SoftWta(0.02f))), 3, 0.1f, 1));
  }

  @Test
  void principalComponents() throws IOException {
    assertResumes(
        images, () -> new HebbianLearner(network(Neurons.hebbian(new Hpca())), 3, 0.01f, 1));
  }

  @Test
  void backprop() throws IOException {
    FineTuning how = new FineTuning(0.01f, 0.9f, 0.01f, 0.25f, Schedule.CODE);
    for (boolean frozen : new boolean[] {false, true}) {
      assertResumes(
          images, () -> new BackpropLearner(network(Neurons.backprop()), 3, how, frozen, 1));
    }
  }

  @Test
  void autoEncoder() throws IOException {
    assertResumes(
        images,
        () ->
            new AutoencoderLearner(new Vae(network(Neurons.backprop()), 4, 1), VaeLoss.AUTHORS, 1));
  }

  @Test
  void linearReadOut() throws IOException {
    Network network = network(Neurons.hebbian(new Hpca()));
    Examples all = Examples.all(set);
    int f = network.featureCount();
    try (FeatureFile features = new FeatureFile(images, all, f, dir.resolve("features"), "test")) {
      features.complete(network::features, Progress.SILENT);
      assertResumes(features, () -> new LinearLearner(CPU, f, 3, EPOCHS, Normalisation.NONE, 1));
    }
  }
}
