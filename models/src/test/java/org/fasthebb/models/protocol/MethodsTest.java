package org.fasthebb.models.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.readout.FeatureForm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue of methods, each of which learns in a tiny network. */
class MethodsTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final DataSet DATA = TinyData.of(10, 40, 20);

  @TempDir Path dir;

  @AfterAll
  static void close() {
    CPU.close();
  }

  static List<Method> methods() {
    return Method.all();
  }

  static Stream<Method> hebbian() {
    return Method.all().stream().filter(Method::isHebbian);
  }

  // ---- the catalogue

  @Test
  void catalogueHasAllMethods() {
    assertEquals(
        "swta, hpca, vae, none, frozen, supervised, hard-wta, random-patches, k-wta, oja, subspace,"
            + " ica, sparse-coding, softhebb, softhebb-random, patches, patches-random,"
            + " softhebb-patches, softhebb-patches-random",
        Method.names());
    assertTrue(Method.named("magic").isEmpty());
  }

  @Test
  void namesTitlesAndColoursAreUnique() {
    int count = Method.all().size();
    assertEquals(count, Method.all().stream().map(Method::name).distinct().count());
    assertEquals(count, Method.all().stream().map(Method::title).distinct().count());
    assertEquals(count, Method.all().stream().map(Method::colour).distinct().count());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void isDescribed(Method method) {
    assertTrue(method.colour().matches("#[0-9a-f]{6}"), method.colour());
    assertTrue(method.title().length() > 10 && !method.title().endsWith("."), method.title());
    assertTrue(method.name().matches("[a-z-]+"));
    assertEquals(method.name(), method.toString());
    assertEquals(method, Method.named(method.name()).orElseThrow());
    Method other = method.counterpart();
    assertNotEquals(method.isPretrained(), other.isPretrained(), "a control and what it is for");
    assertEquals(method.isPretrained(), method.epochs() > 0);
    assertEquals(method.epochs(), PretrainSettings.of(method).epochs());
  }

  @Test
  void needsOfMethods() {
    for (Method method : Method.all()) {
      boolean own = !method.architecture().equals("small");
      boolean tower = method.name().startsWith("softhebb");
      boolean white =
          method.name().endsWith("wta")
              || List.of("ica", "sparse-coding", "random-patches").contains(method.name());
      ReadOut ownReadOut =
          method.architecture().equals("softhebb") ? ReadOut.LINEAR : ReadOut.RIDGE;
      assertEquals(own ? method.name().replace("-random", "") : "small", method.architecture());
      assertEquals(own ? ownReadOut : ReadOut.FINE_TUNE, method.readOut());
      assertEquals(tower ? 10 : 64, method.batch(Architecture.small()));
      assertEquals(tower ? 10 : 32, method.batch(Architecture.imagenet()));
      assertEquals(method.name().equals("frozen"), method.isFrozen());
      assertEquals(method.name().equals("random-patches"), method.isFromPatches());
      assertEquals(method.name().equals("swta"), method.has(Method.Tuning.TEMPERATURE));
      assertEquals(method.name().equals("k-wta"), method.has(Method.Tuning.WINNERS));
      assertEquals(
          white ? Method.Inputs.WHITENED : own ? Method.Inputs.RAW : Method.Inputs.NORMALISED,
          method.inputs());
    }
  }

  // ---- learning

  private static PretrainSettings tiny(Method method, int epochs) {
    PretrainSettings usual = PretrainSettings.of(method);
    return new PretrainSettings(
        method,
        false,
        TinyData.NETWORK,
        usual.zcaEpsilon(),
        usual.vaeLoss(),
        usual.eta(),
        usual.temperature(),
        usual.winners(),
        epochs,
        8);
  }

  /**
   * The weights after some steps of pre-training. Inputs are not whitened, which would take long.
   */
  private static Map<String, float[]> learned(PretrainSettings how, int steps) {
    Network network = how.network(CPU, 10, 3);
    Learner learner = Pretraining.of(how, network, 2, 3).learner();
    Preprocessing inputs = Preprocessing.fit(CPU, Examples.all(DATA.train()));
    for (int step = 0; step < steps; step++) {
      Tensor images =
          inputs.batch(DATA.train(), 8 * step, 8 * step + 1, 8 * step + 2, 8 * step + 3);
      Tensor targets = CPU.oneHot(new int[] {0, 1, 0, 1}, 2);
      Tensor number = CPU.zeros(1).fill(step);
      learner.step(new Learner.Batch(images, targets, number, CPU.zeros(1)), 0);
    }
    Map<String, float[]> tensors = new TreeMap<>();
    learner.tensors().forEach((name, tensor) -> tensors.put(name, tensor.toArray()));
    return tensors;
  }

  /**
   * Both forms take one step only: rounding in the first step may change the winners of the second.
   */
  @ParameterizedTest
  @MethodSource("hebbian")
  void formsAgreeUpToRounding(Method method) {
    PretrainSettings fast = tiny(method, 1);
    Map<String, float[]> before = learned(fast, 0);
    Map<String, float[]> after = learned(fast, 1);
    Map<String, float[]> literal = learned(fast.inNaiveForm(), 1);
    assertEquals(after.keySet(), literal.keySet());
    assertTrue(after.containsKey("out.weight"), "the read-out beside it");
    after.forEach((name, values) -> {
      if (name.endsWith(".weight") && !name.startsWith("bn")) {
        float[] start = before.get(name);
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
          largest = Math.max(largest, Math.abs(values[i] - start[i]));
        }
        assertTrue(largest > 0, name + " did not learn");
        float rounding = (float) (1e-3 * largest + 1e-6);
        assertArrayEquals(literal.get(name), values, rounding, method + " " + name);
      }
    });
  }

  private Experiment experiment(Method method, ReadOut readOut, String folder, int epochs)
      throws IOException {
    ReadOutSettings how =
        new ReadOutSettings(
            readOut, 1, 12, 8, Schedule.CODE, 0.05f, 0, 0, FeatureForm.NORMALISED, 0, 0);
    Settings settings = new Settings(tiny(method, epochs), how, 0);
    return new Experiment(CPU, DATA, settings, dir.resolve(folder), Progress.SILENT);
  }

  static Stream<Method> quick() {
    return Method.all().stream().filter(method -> method.inputs() != Method.Inputs.WHITENED);
  }

  /** Pre-trains for one epoch, in both forms, and reads out in both ways. */
  @ParameterizedTest
  @MethodSource("quick")
  void isPretrainedAndReadOut(Method method) throws IOException {
    for (ReadOut readOut : ReadOut.values()) {
      Experiment experiment = experiment(method, readOut, method + "-" + readOut, 1);
      Experiment.Phase first = experiment.pretrain();
      float[] before = first.model().network().layers().getFirst().weights().toArray();
      assertEquals(method.isPretrained() ? 1 : 0, first.history().bestEpoch());
      Experiment.Phase second = experiment.readOut(first.model());
      float[] after = second.model().network().layers().getFirst().weights().toArray();
      boolean same = Arrays.equals(before, after);
      assertEquals(
          readOut != ReadOut.FINE_TUNE || method.isFrozen(), same, "weights of the network");
      float[] means = second.model().network().tensors().get("bn1.running_mean").toArray();
      assertFalse(Arrays.equals(new float[means.length], means), "norms have seen images");
      assertTrue(second.model().head().isClassifier());
      assertFalse(first.model().head().isClassifier());
      int epochs = readOut.isClosedForm() ? 1 : 12;
      assertEquals(epochs, second.history().losses().size());
      double accuracy = experiment.test(second.model()).top1();
      if (readOut == ReadOut.FINE_TUNE) {
        assertTrue(accuracy > 0.7, method + ": " + accuracy);
      }
    }
  }
}
