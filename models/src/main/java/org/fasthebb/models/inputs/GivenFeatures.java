package org.fasthebb.models.inputs;

import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;

/**
 * Features that any program computed, with labels, in memory. What they were computed from is not
 * known: {@link #set} has as many images, of one black pixel.
 *
 * @param rows the features of each image, all of the same number
 * @param set the labels and the names of the classes
 */
public record GivenFeatures(Backend backend, List<float[]> rows, ImageSet set)
    implements InputSource {
  /**
   * Features with labels.
   *
   * @param labels one for each row
   * @throws IllegalArgumentException if there is no row, or a label is out of range
   */
  public static GivenFeatures of(
      Backend backend, List<float[]> rows, List<String> classNames, int... labels) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("features need at least one row");
    }
    ImageSet set = new ImageSet(1, 1, 1, classNames, new byte[rows.size()], labels);
    return new GivenFeatures(backend, rows, set);
  }

  /** The number of features of an image. */
  public int width() {
    return rows.getFirst().length;
  }

  /** All features (n, F), which belong to no scope. */
  public Tensor all() {
    Tensor all = backend.zeros(rows.size(), width());
    DataLoader.once(this, Examples.all(set))
        .forEachBlock((x, from) -> all.slice(0, from, from + x.size(0)).assign(x));
    return all;
  }

  @Override
  public int[] shape(ImageSource images, int count) {
    return new int[] {count, width()};
  }

  @Override
  public HostBatch hostBatch(ImageSource images, int count) {
    int width = width();
    float[] values = new float[Math.multiplyExact(count, width)];
    return new HostBatch() {
      @Override
      public void read(int row, int index) {
        System.arraycopy(rows.get(index), 0, values, row * width, width);
      }

      @Override
      public void into(Tensor out) {
        out.write(values);
      }
    };
  }
}
