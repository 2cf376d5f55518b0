package org.fasthebb.tools.verify;

import java.util.Arrays;
import java.util.Map;
import org.fasthebb.models.random.Rng;

/**
 * Images of which a golden file keeps only a seed and the shape, because they are large. They
 * consist of fine noise and of blocks of 15x15 pixels, in PyTorch's order (.., c, h, w).
 */
final class GeneratedImages {
  private static final int BLOCK = 15;
  private static final int NOISE = 900;
  private static final int BLOCKS = 901;
  private static final String BYTES = "images_u8";

  /** The tensor that keeps the shape, by the name of the images. */
  private static final Map<String, String> SHAPES = Map.of("x", "x_shape", BYTES, "images_shape");

  private GeneratedImages() {}

  /** The name of the tensor that keeps the shape of the images {@code name}; null if none does. */
  static String shapeName(String name) {
    return SHAPES.get(name);
  }

  /**
   * Draws the elements of images in row-major order.
   *
   * @param name "x" for normalised images, "images_u8" for whole numbers from 0 to 255
   * @param seed of the file
   * @param shape (.., c, h, w)
   */
  static float[] draw(String name, long seed, int[] shape) {
    if (shape.length < 2 || Arrays.stream(shape).anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          "tensor '%s' has %s, which is no shape of images"
              .formatted(shapeName(name), Arrays.toString(shape)));
    }
    int size = Math.toIntExact(Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact));
    int h = shape[shape.length - 2];
    int w = shape[shape.length - 1];
    int rows = Math.ceilDiv(h, BLOCK);
    int columns = Math.ceilDiv(w, BLOCK);
    long noise = seed * 1000 + NOISE;
    long blocks = seed * 1000 + BLOCKS;
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      int map = i / (h * w);
      int j = (map * rows + i / w % h / BLOCK) * columns + i % w / BLOCK;
      values[i] =
          name.equals(BYTES)
              ? (float) Math.floor(160 * Rng.uniform(blocks, j) + 96 * Rng.uniform(noise, i))
              : (float)
                  ((double) SeededParameters.value(noise, i, 0.6, 0)
                      + (double) SeededParameters.value(blocks, j, 1.4, 0));
    }
    return values;
  }
}
