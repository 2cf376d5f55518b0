package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Centroids;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Layer;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.network.Sequence;
import org.fasthebb.models.network.Vae;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.random.Rng;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Learners on an easy problem: which half of an image is bright. */
class LearnersTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int SIDE = 6;
  private static final int COUNT = 32;

  /** A convolution and a layer above it, with everything that a network can have. */
  static final Architecture TINY =
      new Architecture(
          "tiny",
          SIDE,
          "out",
          List.of(
              new Layer.Neural("conv1", 6, 3, 1, 1),
              new Layer.Rectified("relu1"),
              new Layer.MaxPooled("pool1", 2),
              new Layer.Normalised("bn1", true),
              new Layer.Neural("fc2", 8, Layer.WHOLE, 1, 1),
              new Layer.Rectified("relu2"),
              new Layer.Normalised("bn2", true)));

  private final ImageSet set = set();
  private final Preprocessing inputs = Preprocessing.fit(CPU, Examples.all(set));
  private final DataLoader all = DataLoader.once(inputs, Examples.all(set));

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static ImageSet set() {
    byte[] pixels = new byte[COUNT * SIDE * SIDE * 3];
    int[] labels = new int[COUNT];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / 3 / SIDE / SIDE;
      labels[image] = image % 2;
      boolean bright = i / 3 / SIDE % SIDE < SIDE / 2 == (image % 2 == 0);
      pixels[i] = (byte) (int) ((bright ? 130 : 20) + 100 * Rng.uniform(3, i));
    }
    return new ImageSet(SIDE, SIDE, 3, List.of("above", "below"), pixels, labels);
  }

  /** Images from .. to-1, as the network sees them. */
  private Tensor images(int from, int to) {
    return inputs.batch(set, IntStream.range(from, to).toArray());
  }

  private static Network network(Neurons neurons) {
    return new Network(CPU, TINY, neurons, 1);
  }

  /**
   * Makes a step on one half of the images, alternately the first and the second, and returns its
   * loss.
   */
  private double step(Learner learner, int number, int epoch) {
    try (Scope _ = CPU.scope()) {
      int from = number % 2 * COUNT / 2;
      Tensor sum = CPU.zeros(1);
      Tensor targets = CPU.oneHot(all.labels(from, from + COUNT / 2), 2);
      Tensor step = CPU.zeros(1).fill(number);
      learner.step(new Learner.Batch(images(from, from + COUNT / 2), targets, step, sum), epoch);
      return sum.item() / (COUNT / 2.0);
    }
  }

  /** Mean losses of the first and the last four of some steps. */
  private double[] losses(Learner learner, int steps) {
    double[] ends = new double[2];
    for (int i = 0; i < steps; i++) {
      double loss = step(learner, i, 0);
      ends[0] += i < 4 ? loss / 4 : 0;
      ends[1] += i >= steps - 4 ? loss / 4 : 0;
    }
    return ends;
  }

  private static Map<String, float[]> values(Map<String, Tensor> tensors) {
    return tensors.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toArray()));
  }

  /** The names of tensors that have changed. */
  private static Set<String> changed(Map<String, float[]> before, Map<String, Tensor> now) {
    Set<String> names = new TreeSet<>();
    now.forEach((name, tensor) -> {
      if (!Arrays.equals(before.get(name), tensor.toArray())) {
        names.add(name);
      }
    });
    return names;
  }

  // ---- backprop

  private static final FineTuning SETTINGS = new FineTuning(0.01f, 0.9f, 0, 0.25f, Schedule.CODE);

  @Test
  void backpropLearnsTheLabels() {
    for (Neurons neurons : new Neurons[] {Neurons.backprop(), Neurons.hebbian(new Hpca())}) {
      BackpropLearner learner = new BackpropLearner(network(neurons), 2, SETTINGS, false, 1);
      assertEquals(Criterion.ACCURACY, learner.criterion());
      double[] losses = losses(learner, 60);
      assertTrue(losses[1] < 0.3 * losses[0], Arrays.toString(losses));
      assertEquals(1, learner.validate(all));
      try (Scope _ = CPU.scope()) {
        float[] scores = learner.scores(images(0, 2)).toArray();
        assertTrue(scores[0] > scores[1] && scores[3] > scores[2], Arrays.toString(scores));
      }
    }
  }

  @Test
  void backpropChangesEverything() {
    BackpropLearner learner =
        new BackpropLearner(network(Neurons.backprop()), 2, SETTINGS, false, 1);
    Map<String, float[]> before = values(learner.tensors());
    step(learner, 0, 0);
    assertEquals(new TreeSet<>(learner.tensors().keySet()), changed(before, learner.tensors()));
    assertTrue(learner.parameters().containsKey("conv1.weight"));
    assertTrue(learner.parameters().containsKey("bn2.bias"));
    assertTrue(learner.parameters().containsKey("fc.bias"));
    assertFalse(learner.parameters().containsKey("bn2.running_mean"));
  }

  @Test
  void aFrozenNetworkKeepsItsWeights() {
    BackpropLearner learner =
        new BackpropLearner(network(Neurons.hebbian(new Hpca())), 2, SETTINGS, true, 1);
    assertEquals(Set.of("fc.weight", "fc.bias"), learner.parameters().keySet());
    Map<String, float[]> before = values(learner.model());
    double[] losses = losses(learner, 60);
    assertTrue(losses[1] < 0.6 * losses[0], Arrays.toString(losses));
    assertEquals(
        new TreeSet<>(
            Set.of(
                "bn1.running_mean",
                "bn1.running_var",
                "bn2.running_mean",
                "bn2.running_var",
                "fc.weight",
                "fc.bias")),
        changed(before, learner.model()),
        "batch norms follow the images all the same");
  }

  /** The loss and its gradient at the classifier, which is the mean of (softmax - target) f. */
  @Test
  void crossEntropyOfSoftmax() {
    FineTuning plain = new FineTuning(0.01f, 0.9f, 0, 0, Schedule.CODE);
    Network network = network(Neurons.backprop());
    BackpropLearner learner = new BackpropLearner(network, 2, plain, false, 1);
    try (Scope _ = CPU.scope()) {
      Tensor images = images(0, 6);
      Tensor targets = CPU.oneHot(all.labels(0, 6), 2);
      BackpropLearner.BackpropPass pass = learner.forward(images, targets, CPU.zeros(1));
      float[] z = pass.logits().toArray();
      double loss = 0;
      double[] bias = new double[2];
      for (int b = 0; b < 6; b++) {
        double sum = Math.exp(z[2 * b]) + Math.exp(z[2 * b + 1]);
        for (int n = 0; n < 2; n++) {
          double share = Math.exp(z[2 * b + n]) / sum;
          double target = b % 2 == n ? 1 : 0;
          loss -= target * Math.log(share) / 6;
          bias[n] += (share - target) / 6;
        }
      }
      assertEquals(loss, pass.loss().item(), 1e-5);
      assertEquals(bias[0], learner.gradient("fc.bias").toArray()[0], 1e-6);
      assertEquals(bias[1], learner.gradient("fc.bias").toArray()[1], 1e-6);
    }
  }

  @Test
  void dropoutDependsOnTheNumberOfTheStep() {
    BackpropLearner learner =
        new BackpropLearner(network(Neurons.backprop()), 2, SETTINGS, false, 1);
    try (Scope _ = CPU.scope()) {
      Tensor images = images(0, 8);
      Tensor targets = CPU.oneHot(all.labels(0, 8), 2);
      float[][] logits = new float[3][];
      for (int i = 0; i < 3; i++) {
        Tensor number = CPU.zeros(1).fill(i == 2 ? 1 : 0);
        logits[i] = learner.forward(images, targets, number).logits().toArray();
      }
      assertArrayEquals(logits[0], logits[1]);
      assertFalse(Arrays.equals(logits[0], logits[2]));
    }
  }

  // ---- auto-encoder

  private static Vae vae() {
    return new Vae(network(Neurons.backprop()), 5, 1);
  }

  @Test
  void anAutoEncoderLearnsImages() {
    for (VaeLoss loss : VaeLoss.values()) {
      AutoencoderLearner learner = new AutoencoderLearner(vae(), loss, 1);
      assertEquals(Criterion.LOSS, learner.criterion());
      double before = learner.validate(all);
      assertEquals(before, learner.validate(all), "the same noise every time");
      double[] losses = losses(learner, 300);
      assertTrue(losses[1] < 0.9 * losses[0], loss + " " + Arrays.toString(losses));
      assertTrue(learner.validate(all) < before);
    }
  }

  @Test
  void anAutoEncodersStateIsAllThatChanges() {
    AutoencoderLearner learner = new AutoencoderLearner(vae(), VaeLoss.ELBO, 1);
    Map<String, float[]> before = values(learner.tensors());
    step(learner, 0, 0);
    Set<String> same = new TreeSet<>(learner.tensors().keySet());
    same.removeAll(changed(before, learner.tensors()));
    same.remove("dec_conv2.bias"); // the batch norm above takes it away
    assertEquals(Set.of(), same);
    assertTrue(before.containsKey("dec_conv2.weight"), before.keySet()::toString);
    assertTrue(before.containsKey("velocity.fc_mu.bias"));
  }

  @Test
  void gradientsOfAnAutoEncoderAreThoseOfItsLoss() {
    Vae vae = vae();
    AutoencoderLearner learner = new AutoencoderLearner(vae, VaeLoss.AUTHORS, 1);
    Tensor images = images(0, 6);
    Tensor eps = Neurons.uniform(CPU, 5, 1, 6, 5);
    learner.forward(new Tape(), images, eps);
    Tensor bias = vae.parameters().get("fc_mu.bias");
    float[] gradient = learner.gradient("fc_mu.bias").toArray();
    float[] values = bias.toArray();
    float step = 1 / 256f;
    for (int i = 0; i < values.length; i++) {
      double[] losses = new double[2];
      for (int sign = 0; sign < 2; sign++) {
        float[] moved = values.clone();
        moved[i] += sign == 0 ? -step : step;
        bias.write(moved);
        losses[sign] = learner.forward(new Tape(), images, eps).loss().total().value().item();
      }
      bias.write(values);
      double expected = (losses[1] - losses[0]) / (2 * step);
      assertEquals(expected, gradient[i], 2e-3 + 0.05 * Math.abs(expected), "element " + i);
    }
  }

  // ---- Hebbian

  @Test
  void aReadOutLearnsBesideTheNetwork() {
    Network network = network(Neurons.hebbian(new Hpca()));
    HebbianLearner learner = new HebbianLearner(network, 2, 0.01f, 1);
    assertEquals(Set.of("out.weight"), learner.head().keySet());
    Map<String, float[]> before = values(learner.tensors());
    for (int i = 0; i < 60; i++) {
      assertEquals(0, step(learner, i, 0), "a rule without a loss");
    }
    Set<String> changed = changed(before, learner.tensors());
    assertTrue(
        changed.containsAll(Set.of("conv1.weight", "fc2.weight", "out.weight", "bn1.running_var")),
        changed::toString);
    assertFalse(changed.contains("bn1.weight"), "only backprop changes scales");
    assertTrue(learner.validate(all) > 0.9, "" + learner.validate(all));
  }

  /** A step of the read-out is its rule, on features from before the step. */
  @Test
  void aStepOfTheReadOut() {
    Network network = network(Neurons.hebbian(new Hpca()));
    HebbianLearner learner = new HebbianLearner(network, 2, 0.01f, 1);
    Tensor w = learner.head().get("out.weight");
    Tensor before = CPU.zeros(w.shape()).assign(w);
    Tensor targets = CPU.oneHot(all.labels(0, 8), 2);
    Map<String, float[]> seen = new HashMap<>();
    Tensor[] features = new Tensor[1];
    learner.learn(
        images(0, 8),
        targets,
        (stage, value) -> {
          seen.put(stage, value.toArray());
          features[0] = stage.equals("bn2") ? value.reshape(8, 8).copy() : features[0];
        });
    float[] expected =
        before.plus(Centroids.delta(features[0], before, targets).times(0.01f)).toArray();
    assertArrayEquals(expected, w.toArray(), 1e-6f);
    assertArrayEquals(Centroids.scores(features[0], before).toArray(), seen.get("out"), 1e-6f);
    assertTrue(seen.keySet().containsAll(Set.of("conv1", "pool1", "bn1", "fc2", "bn2")));
  }

  @Test
  void withoutAReadOutTheNetworkLearnsTheSame() {
    Network with = network(Neurons.hebbian(new Hpca()));
    Network without = network(Neurons.hebbian(new Hpca()));
    HebbianLearner learner = new HebbianLearner(without, 0, 0.01f, 1);
    assertEquals(Map.of(), learner.head());
    assertEquals(without.tensors().keySet(), learner.tensors().keySet());
    step(new HebbianLearner(with, 2, 0.01f, 1), 0, 0);
    step(learner, 0, 0);
    assertArrayEquals(
        with.tensors().get("fc2.weight").toArray(), without.tensors().get("fc2.weight").toArray());
    with.learn(images(0, 2), 0.01f, Sequence.Observer.NONE);
    assertFalse(
        Arrays.equals(
            with.tensors().get("fc2.weight").toArray(),
            without.tensors().get("fc2.weight").toArray()));
  }
}
