package org.fasthebb.models.protocol;

import java.util.List;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Layer;
import org.fasthebb.models.random.Rng;

/** Small images of two classes, bright in the upper or in the left half, and a network for them. */
final class TinyData {
  /** A convolution, a pool and a fully connected layer. */
  static final Architecture NETWORK =
      new Architecture(
          "tiny",
          10,
          "out",
          List.of(
              new Layer.Neural("conv1", 6, 3, 1, 0.1f),
              new Layer.Rectified("relu1"),
              new Layer.MaxPooled("pool1", 2),
              new Layer.Normalised("bn1", true),
              new Layer.Neural("conv2", 7, 2, 1, 0.1f),
              new Layer.Rectified("relu2"),
              new Layer.Normalised("bn2", true),
              new Layer.Neural("fc3", 8, Layer.WHOLE, 1, 0.1f),
              new Layer.Rectified("relu3"),
              new Layer.Normalised("bn3", true)));

  private TinyData() {}

  static DataSet of(int side, int train, int test) {
    return new DataSet("tiny", images(1, side, train), images(2, side, test));
  }

  private static ImageSet images(long seed, int side, int count) {
    byte[] pixels = new byte[count * side * side * 3];
    int[] labels = new int[count];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / 3 / side / side;
      int row = i / 3 / side % side;
      int column = i / 3 % side;
      labels[image] = image % 2;
      boolean bright = (labels[image] == 0 ? row : column) < side / 2;
      pixels[i] = (byte) (int) ((bright ? 130 : 20) + 100 * Rng.uniform(seed, i));
    }
    return new ImageSet(side, side, 3, List.of("above", "left"), pixels, labels);
  }
}
