package org.fasthebb.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.fasthebb.models.io.Checksum;

/** A named data set: training and test images of the same shape and classes. */
public final class DataSet implements AutoCloseable {
  /** Bytes that are read ahead of the digest; many threads decode them. */
  private static final int BLOCK = 1 << 23;

  /** Of images that are identified by their files, so many are read, too. */
  private static final int SAMPLES = 16;

  private final String name;
  private final ImageSource train;
  private final ImageSource test;

  /** Computed when it is first asked for. */
  private String fingerprint;

  /**
   * Two sets that belong together.
   *
   * @param name a short name for reports, such as {@code cifar10}
   * @param train the images to learn from, of which some may be set aside for validation
   * @param test the images kept for the final score
   * @throws IllegalArgumentException if shapes or classes differ
   */
  public DataSet(String name, ImageSource train, ImageSource test) {
    this(name, train, test, null);
  }

  /**
   * As the other one, with a fingerprint that is known.
   *
   * @param fingerprint what {@link #fingerprint} would compute; null if it is not known
   */
  public DataSet(String name, ImageSource train, ImageSource test, String fingerprint) {
    if (train.height() != test.height()
        || train.width() != test.width()
        || train.channels() != test.channels()) {
      throw new IllegalArgumentException(
          "data set %s has training images of %s but test images of %s."
              .formatted(name, shape(train), shape(test)));
    }
    if (!train.classNames().equals(test.classNames())) {
      throw new IllegalArgumentException(
          "data set %s has training classes %s but test classes %s."
              .formatted(name, train.classNames(), test.classNames()));
    }
    this.name = name;
    this.train = train;
    this.test = test;
    this.fingerprint = fingerprint;
  }

  /** A short name for reports. */
  public String name() {
    return name;
  }

  /** The images to learn from. */
  public ImageSource train() {
    return train;
  }

  /** The images kept for the final score. */
  public ImageSource test() {
    return test;
  }

  /**
   * SHA-256, in hex, over the shapes, pixels and labels of both sets: equal for equal data wherever
   * it was read from and whatever it is called. The first call takes time proportional to the data.
   *
   * <p>Images that have an {@link ImageSource#identity} are not all read: the digest then takes
   * these identities, and the pixels of 16 images of each set, spread evenly, in place of all
   * pixels. So it is the same for an archive and for the folders that it was unpacked to, but does
   * not see a file that was changed without changing its length.
   */
  public String fingerprint() {
    if (fingerprint == null) {
      MessageDigest digest = Checksum.newDigest();
      update(digest, train);
      update(digest, test);
      fingerprint = HexFormat.of().formatHex(digest.digest());
    }
    return fingerprint;
  }

  private static void updatePixels(MessageDigest digest, ImageSource set, int[] images) {
    int each = set.imageBytes();
    int block = Math.clamp(BLOCK / each, 1, Math.max(1, images.length));
    byte[] pixels = new byte[block * each];
    for (int from = 0; from < images.length; from += block) {
      int start = from;
      int count = Math.min(block, images.length - from);
      IntStream.range(0, count)
          .parallel()
          .forEach(i -> set.read(images[start + i], pixels, i * each));
      digest.update(pixels, 0, count * each);
    }
  }

  private static void update(MessageDigest digest, ImageSource set) {
    ByteBuffer header = ByteBuffer.allocate(5 * Integer.BYTES);
    header.putInt(set.size()).putInt(set.height()).putInt(set.width());
    header.putInt(set.channels()).putInt(set.classes());
    digest.update(header.array());
    if (set.size() > 0 && set.identity(0).isPresent()) {
      for (int i = 0; i < set.size(); i++) {
        digest.update((set.identity(i).orElseThrow() + '\n').getBytes(UTF_8));
      }
      int samples = Math.min(SAMPLES, set.size());
      updatePixels(
          digest,
          set,
          IntStream.range(0, samples).map(s -> (int) ((long) s * set.size() / samples)).toArray());
    } else {
      updatePixels(digest, set, IntStream.range(0, set.size()).toArray());
    }
    byte[] label = new byte[Integer.BYTES];
    for (int i = 0; i < set.size(); i++) {
      ByteBuffer.wrap(label).putInt(set.label(i));
      digest.update(label);
    }
  }

  /** Closes the files that images are read from, if there are any. */
  @Override
  public void close() {
    train.close();
    test.close();
  }

  private static String shape(ImageSource set) {
    return set.height() + "x" + set.width() + "x" + set.channels();
  }
}
