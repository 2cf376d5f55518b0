package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Top-1 and top-5 accuracy of known scores. */
class AccuracyTest {
  private static final Backend CPU = Backend.cpu(1);

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** The accuracy if every image of these classes has the same scores. */
  private static Accuracy accuracy(float[] scores, int... labels) {
    List<String> names = IntStream.range(0, scores.length).mapToObj(i -> "c" + i).toList();
    ImageSet set = new ImageSet(1, 1, 3, names, new byte[3 * labels.length], labels);
    Tensor row = CPU.of(scores, 1, scores.length);
    return Accuracy.of(
        DataLoader.once(Preprocessing.raw(CPU, 3), Examples.all(set)),
        images -> CPU.zeros(images.size(0), scores.length).plus(row));
  }

  @Test
  void theHighestAndTheFiveHighestScores() {
    float[] scores = {1, 8, 3, 7, 2, 6, 5, 4};
    assertEquals(new Accuracy(1, 1), accuracy(scores, 1));
    assertEquals(new Accuracy(0, 1), accuracy(scores, 7), "the fifth");
    assertEquals(new Accuracy(0, 0), accuracy(scores, 2), "the sixth");
    assertEquals(new Accuracy(1 / 8.0, 5 / 8.0), accuracy(scores, 0, 1, 2, 3, 4, 5, 6, 7));
  }

  @Test
  void ofEqualScoresTheLowerClassRanksFirst() {
    float[] equal = new float[7];
    assertEquals(new Accuracy(1, 1), accuracy(equal, 0));
    assertEquals(new Accuracy(0, 1), accuracy(equal, 4));
    assertEquals(new Accuracy(0, 0), accuracy(equal, 5));
    float[] two = {2, 3, 2, 3, 3, 3, 3};
    assertEquals(new Accuracy(0, 1), accuracy(two, 6), "four are before it");
    assertEquals(new Accuracy(0, 0), accuracy(two, 0), "five are before it");
  }

  @Test
  void scoresThatAreNoNumbersGiveNone() {
    assertEquals(new Accuracy(Double.NaN, Double.NaN), accuracy(new float[] {1, Float.NaN}, 0));
    assertEquals(new Accuracy(0, 0), accuracy(new float[] {1, 2}), "no examples");
  }

  @Test
  void thePaperReportsTop5ForManyClasses() {
    Accuracy both = new Accuracy(0.25, 0.5);
    assertEquals(0.25, both.reported(10), "CIFAR-10");
    assertEquals(0.5, both.reported(100), "CIFAR-100");
    assertEquals(0.5, both.reported(1000), "ImageNet");
  }
}
