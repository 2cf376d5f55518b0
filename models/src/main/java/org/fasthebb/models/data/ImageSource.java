package org.fasthebb.models.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Labelled images of one shape, wherever they are: in memory ({@link ImageSet}), in a mapped file,
 * or decoded when they are asked for.
 *
 * <p>An image is bytes, channels-last: row {@code y}, column {@code x}, channel {@code c} is the
 * unsigned byte (0..255) at {@code (y * width + x) * channels + c}. The same index always gives the
 * same bytes and label.
 */
public interface ImageSource extends AutoCloseable {
  /** The number of images. */
  int size();

  /** Rows per image. */
  int height();

  /** Columns per image. */
  int width();

  /** Channels per pixel: 3 for RGB. */
  int channels();

  /** The name of each class, in label order; immutable. */
  List<String> classNames();

  /** The number of classes. */
  default int classes() {
    return classNames().size();
  }

  /** The label of image {@code index}, in [0, classes). */
  int label(int index);

  /**
   * What tells image {@code index} from others without reading it, such as the name and length of
   * its file, for sources too large to read whole just to recognise them; empty if only its bytes
   * do. Either all images of a source have one, or none.
   */
  default Optional<String> identity(int index) {
    return Optional.empty();
  }

  /** The labels of all images, as a new array. */
  default int[] labels() {
    return IntStream.range(0, size()).map(this::label).toArray();
  }

  /** What messages call image {@code index}: the name of its file, or else its number. */
  default String nameOf(int index) {
    return Integer.toString(index);
  }

  /**
   * What image {@code index} was made of: the bytes of its file, or else its pixels.
   *
   * @throws DataException in one sentence, if they cannot be read
   */
  default byte[] encoded(int index) {
    byte[] pixels = new byte[imageBytes()];
    read(index, pixels, 0);
    return pixels;
  }

  /**
   * Whether reading an image takes long beside copying it, because it has to be decoded or to come
   * from a disk. Several threads then read ahead.
   */
  default boolean isSlow() {
    return false;
  }

  /** Bytes per image: height x width x channels. */
  default int imageBytes() {
    return Math.multiplyExact(Math.multiplyExact(height(), width()), channels());
  }

  /**
   * Writes image {@code index} to {@code into}, from {@code into[at]} on. Several threads may call
   * this at once.
   *
   * @throws DataException in one sentence, if the image cannot be read
   * @throws IndexOutOfBoundsException if there is no such image, or no room for it
   */
  void read(int index, byte[] into, int at);

  /** Closes the files that images are read from, if there are any; no image can be read then. */
  @Override
  default void close() {}
}
