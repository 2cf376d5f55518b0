package org.fasthebb.models.data;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/** Images that are held in memory, all in one array. */
public final class ImageSet implements ImageSource {
  private final int height;
  private final int width;
  private final int channels;
  private final List<String> classNames;
  private final byte[] pixels;
  private final int[] labels;
  private final IntFunction<String> names;

  /**
   * A set of {@code labels.length} images.
   *
   * @param classNames one name per class, in label order; at least one
   * @param pixels every image's pixels, (size, height, width, channels); kept, not copied
   * @param labels one label per image; copied
   * @throws IllegalArgumentException if a dimension is below 1, there is no class, {@code pixels}
   *     has the wrong length, or a label is out of range
   */
  public ImageSet(
      int height, int width, int channels, List<String> classNames, byte[] pixels, int[] labels) {
    this(height, width, channels, classNames, pixels, labels, Integer::toString);
  }

  /**
   * As the other one, with names of images.
   *
   * @param names gives what {@link #nameOf} does
   */
  ImageSet(
      int height,
      int width,
      int channels,
      List<String> classNames,
      byte[] pixels,
      int[] labels,
      IntFunction<String> names) {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "image height, width and channels must be at least 1, but are %s, %s and %s."
              .formatted(height, width, channels));
    }
    if (classNames.isEmpty()) {
      throw new IllegalArgumentException("an image set needs at least one class name.");
    }
    long expected = (long) labels.length * height * width * channels;
    if (pixels.length != expected) {
      throw new IllegalArgumentException(
          "%s images of %sx%sx%s need %s pixel bytes, but %s were given."
              .formatted(labels.length, height, width, channels, expected, pixels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            "label %s of image %s is outside 0..%s."
                .formatted(labels[i], i, classNames.size() - 1));
      }
    }
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.classNames = List.copyOf(classNames);
    this.pixels = pixels;
    this.labels = labels.clone();
    this.names = names;
  }

  /**
   * A zeroed pixel array for {@code size} images, as the constructor wants it.
   *
   * @param what what is being read, for the message
   * @throws DataException if the images together pass 2^31-1 bytes, the most one array can hold
   */
  static byte[] allocate(String what, int size, int height, int width, int channels) {
    long bytes = Math.multiplyExact((long) size * channels, (long) height * width);
    if (bytes > Integer.MAX_VALUE) {
      throw new DataException(
          ("%s: %s images of %sx%sx%s take %s bytes, over the limit of %s; "
                  + "use fewer or smaller images.")
              .formatted(what, size, height, width, channels, bytes, Integer.MAX_VALUE));
    }
    return new byte[(int) bytes];
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String nameOf(int index) {
    return names.apply(index);
  }

  @Override
  public void read(int index, byte[] into, int at) {
    Objects.checkIndex(index, labels.length);
    int length = imageBytes();
    System.arraycopy(pixels, index * length, into, at, length);
  }
}
