package org.fasthebb.models.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.fasthebb.models.random.Rng;

/**
 * A data set that needs no download: ten classes of drawn shapes in 32x32 colour images, generated.
 *
 * <p>Everything but the class varies, as in photographs: the colours of shape and background, their
 * texture, position, size and rotation, the light, clutter and noise. So raw pixels say little
 * about the class, and features must be learnt.
 *
 * <p>Image {@code i} depends only on the seed and {@code i}, whatever the size of the set, and its
 * bytes are the same on every machine. Every ten images in a row hold each class once, in random
 * order.
 */
public final class Shapes {
  private static final int SIDE = ShapePainter.SIDE;
  private static final int IMAGE_BYTES = SIDE * SIDE * 3;
  private static final ShapeOutline[] OUTLINES = ShapeOutline.values();

  private static final int TRAIN = 0;
  private static final int TEST = 1;
  private static final int LABELS = 0;
  private static final int IMAGES = 1;

  private Shapes() {}

  /**
   * Generates the data set, named {@code shapes}.
   *
   * @param train how many training images, at least 1
   * @param test how many test images, at least 1; none of them is a training image
   * @param seed decides all images
   * @throws DataException if a number is below 1 or more than memory can hold
   */
  public static DataSet generate(int train, int test, long seed) {
    return new DataSet(
        "shapes",
        generate("train", train, Rng.key(seed, TRAIN)),
        generate("test", test, Rng.key(seed, TEST)));
  }

  private static ImageSet generate(String part, int size, long key) {
    if (size < 1) {
      throw new DataException(
          "the number of shapes to %s on must be at least 1, but is %s.".formatted(part, size));
    }
    byte[] pixels = ImageSet.allocate("shapes to " + part + " on", size, SIDE, SIDE, 3);
    int[] labels = labels(size, Rng.key(key, LABELS));
    long images = Rng.key(key, IMAGES);
    IntStream.range(0, size)
        .parallel()
        .forEach(i -> {
          Rng rng = new Rng(Rng.key(images, i));
          ShapePainter.paint(OUTLINES[labels[i]], rng, pixels, i * IMAGE_BYTES);
        });
    return new ImageSet(SIDE, SIDE, 3, classNames(), pixels, labels);
  }

  private static int[] labels(int size, long key) {
    int[] labels = new int[size];
    int[] block = new int[OUTLINES.length];
    for (int start = 0; start < size; start += block.length) {
      Arrays.setAll(block, c -> c);
      new Rng(Rng.key(key, start)).shuffle(block);
      System.arraycopy(block, 0, labels, start, Math.min(block.length, size - start));
    }
    return labels;
  }

  private static List<String> classNames() {
    return Arrays.stream(OUTLINES).map(shape -> shape.name().toLowerCase(Locale.ROOT)).toList();
  }
}
