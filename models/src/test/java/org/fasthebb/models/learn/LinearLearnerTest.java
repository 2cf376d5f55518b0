package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.HostBatch;
import org.fasthebb.models.inputs.InputSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The initial weights of the read-out, its learning rate over epochs, and its normalisation. */
class LinearLearnerTest {
  private static final Backend CPU = Backend.cpu(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  @Test
  void theRateIsHalvedAtTheAuthorsEpochs() {
    LinearLearner readOut = new LinearLearner(CPU, 4, 2, 50, Normalisation.NONE, 0);
    int[] halvings = {10, 17, 25, 30, 35, 40, 45};
    double rate = 1e-3;
    int next = 0;
    for (int epoch = 0; epoch < 50; epoch++) {
      if (next < halvings.length && epoch == halvings[next]) {
        rate /= 2;
        next++;
      }
      assertEquals(rate, readOut.rate(epoch), 1e-9, "epoch " + epoch);
    }
    assertEquals(1e-3 / 128, readOut.rate(49), 1e-9);
  }

  @Test
  void theWeightsBeginAsTheAuthorsDo() {
    float[] weights =
        new LinearLearner(CPU, 24_576, 10, 50, Normalisation.NONE, 0)
            .classifier()
            .tensors()
            .get("fc.weight")
            .toArray();
    double sum = 0;
    for (float w : weights) {
      assertTrue(w >= 0 && w < 0.11049f, w + " is not from U[0, 0.1105)");
      sum += w;
    }
    assertEquals(0.11048543 / 2, sum / weights.length, 5e-4);
  }

  private static final int N = 193; // three times as many as are added up at once, and one

  /** Features: noise around 5, and one that does not vary. */
  private static Tensor features(float scale) {
    Random random = new Random(3);
    float[] x = new float[N * 6];
    for (int i = 0; i < x.length; i++) {
      x[i] = scale * (i % 6 == 4 ? 17 : 5 + (float) random.nextGaussian());
    }
    return CPU.of(x, N, 6);
  }

  /** Rows of a matrix. */
  private static final class Rows implements HostBatch {
    private final float[] all;
    private final float[] chosen;

    Rows(Tensor x, int count) {
      all = x.toArray();
      chosen = new float[count * 6];
    }

    @Override
    public void read(int row, int index) {
      System.arraycopy(all, 6 * index, chosen, 6 * row, 6);
    }

    @Override
    public void into(Tensor out) {
      out.write(chosen);
    }
  }

  private static LinearLearner normalizedBy(Tensor x) {
    InputSource rows =
        new InputSource() {
          @Override
          public Backend backend() {
            return CPU;
          }

          @Override
          public int[] shape(ImageSource set, int count) {
            return new int[] {count, 6};
          }

          @Override
          public HostBatch hostBatch(ImageSource set, int count) {
            return new Rows(x, count);
          }
        };
    ImageSet images = new ImageSet(1, 1, 3, List.of("one"), new byte[3 * N], new int[N]);
    Normalisation normalisation = Normalisation.blank(CPU, 6, false);
    normalisation.fit(DataLoader.once(rows, Examples.all(images)));
    return new LinearLearner(CPU, 6, 2, 50, normalisation, 0);
  }

  @Test
  void featuresAreNormalizedByWhatAllExamplesHave() {
    float[] x = features(1).toArray();
    Map<String, Tensor> model = normalizedBy(features(1)).classifier().tensors();
    for (int f = 0; f < 6; f++) {
      double sum = 0;
      double squares = 0;
      for (int i = f; i < x.length; i += 6) {
        sum += x[i];
        squares += (double) x[i] * x[i];
      }
      double mean = sum / N;
      assertEquals(mean, model.get("norm.running_mean").toArray()[f], 1e-5);
      double variance = squares / N - mean * mean;
      assertEquals(variance, model.get("norm.running_var").toArray()[f], 1e-4);
    }
  }

  @Test
  void normalizedFeaturesMayHaveAnyScale() {
    float[] scores = normalizedBy(features(1)).classifier().scores(features(1)).toArray();
    float[] ofLarge = normalizedBy(features(20)).classifier().scores(features(20)).toArray();
    assertArrayEquals(scores, ofLarge, 1e-3f);
  }
}
