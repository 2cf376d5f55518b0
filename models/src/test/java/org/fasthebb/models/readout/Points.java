package org.fasthebb.models.readout;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.HostBatch;
import org.fasthebb.models.inputs.InputSource;
import org.fasthebb.models.learn.Normalisation;

/** Features made up: those of each class are random numbers around a centre of its own. */
final class Points implements InputSource {
  static final int CLASSES = 3;

  private final Backend backend;
  private final float[][] rows;
  private final AtomicLong reads = new AtomicLong();
  final ImageSet set;

  /**
   * Images 0 to n-1 of classes 0, 1, 2, 0, 1, ...
   *
   * @param noise standard deviation, or so, around centres whose distance is about 1
   */
  Points(Backend backend, int n, int features, double noise) {
    this.backend = backend;
    var random = new SplittableRandom(97L * n + features);
    double[][] centres = new double[CLASSES][features];
    for (double[] centre : centres) {
      for (int f = 0; f < features; f++) {
        centre[f] = random.nextDouble(-1, 1) / Math.sqrt(features);
      }
    }
    rows = new float[n][features];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % CLASSES;
      for (int f = 0; f < features; f++) {
        double wide = random.nextDouble(-1, 1) + random.nextDouble(-1, 1);
        rows[i][f] = (float) (centres[labels[i]][f] + noise * wide / Math.sqrt(features));
      }
    }
    set = new ImageSet(1, 1, 3, List.of("a", "b", "c"), new byte[3 * n], labels);
  }

  /** How often a row was read. */
  long reads() {
    return reads.get();
  }

  float[] row(int i) {
    return rows[i];
  }

  /** Images [0, labelled) have labels, then come those without, then those for validation. */
  ReadOutData data(int labelled, int unlabelled, int validation) {
    return data(labelled, unlabelled, validation, Normalisation.NONE);
  }

  ReadOutData data(int labelled, int unlabelled, int validation, Normalisation normalisation) {
    int all = labelled + unlabelled;
    return new ReadOutData(
        this,
        normalisation,
        set,
        IntStream.range(0, labelled).toArray(),
        IntStream.range(labelled, all).toArray(),
        IntStream.range(all, all + validation).toArray());
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public int[] shape(ImageSource images, int count) {
    return new int[] {count, rows[0].length};
  }

  @Override
  public HostBatch hostBatch(ImageSource images, int count) {
    int features = rows[0].length;
    float[] values = new float[count * features];
    return new HostBatch() {
      @Override
      public void read(int row, int index) {
        reads.incrementAndGet();
        System.arraycopy(rows[index], 0, values, row * features, features);
      }

      @Override
      public void into(Tensor out) {
        out.write(values);
      }
    };
  }
}
