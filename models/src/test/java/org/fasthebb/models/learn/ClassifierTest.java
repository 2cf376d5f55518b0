package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Compares scores with those computed by hand. */
class ClassifierTest {
  private static final Backend CPU = Backend.cpu(1);
  private final Tensor weight = CPU.of(new float[] {1, 2, 3, -1, 0, 1}, 2, 3);
  private final Tensor bias = CPU.of(new float[] {10, 20}, 2);
  private final Tensor features = CPU.of(new float[] {1, 1, 1, 2, 4, 6}, 2, 3);

  @AfterAll
  static void close() {
    CPU.close();
  }

  @Test
  void scoresAreLinear() {
    Classifier classifier = new Classifier(weight, bias, Normalisation.NONE);
    assertArrayEquals(new float[] {16, 20, 38, 24}, classifier.scores(features).toArray());
    assertEquals(List.of("fc.weight", "fc.bias"), List.copyOf(classifier.tensors().keySet()));
  }

  @Test
  void featuresMayBeNormalised() {
    BatchNorm norm = new BatchNorm(CPU, 3, false);
    norm.runningMean().write(new float[] {1, 0, 4});
    norm.runningVariance().write(new float[] {1, 4, 0.25f});
    Classifier classifier = new Classifier(weight, bias, new Normalisation(norm, null, false));
    // (0, 1/2, -6) and (1, 2, 4)
    float[] expected = {10 + 1 - 18, 20 - 6, 10 + 1 + 4 + 12, 20 - 1 + 4};
    assertArrayEquals(expected, classifier.scores(features).toArray(), 1e-3f);
    assertEquals(
        List.of("fc.weight", "fc.bias", "norm.running_mean", "norm.running_var"),
        List.copyOf(classifier.tensors().keySet()));
    assertEquals(norm.runningMean(), classifier.tensors().get("norm.running_mean"));
  }
}
