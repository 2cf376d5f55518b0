package org.fasthebb.models.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.image.RgbImage;
import org.fasthebb.models.io.ReadFailure;

/**
 * Image files with their labels, found but not yet decoded.
 *
 * @param dir the folder or archive that holds all files, for messages
 * @param classes the class names, in label order
 * @param files where they lie
 */
public record ImageFiles(Path dir, List<String> classes, FileIndex files) {
  /** Decoded images are kept if they take at most this part of the heap: 1 / 4. */
  private static final int SHARE = 4;

  /**
   * A data set of these files. Each image is resized bilinearly until its shorter side is {@code
   * side}, then its centre is cropped. If all images fit in a quarter of the heap, they are decoded
   * now and kept, else each time that they are asked for.
   *
   * <p>Up to 2^31-1 bytes of images in either part, the data set is identified by all of them,
   * however much memory there is; beyond that, by its files (see {@link ImageSource#identity}).
   *
   * @throws DataException for the first file that cannot be read, if all are decoded now
   */
  static DataSet dataSet(
      String name, ImageFiles train, ImageFiles test, int side, Orientation orientation) {
    long trainBytes = train.bytes(side);
    long testBytes = test.bytes(side);
    boolean huge = Math.max(trainBytes, testBytes) > Integer.MAX_VALUE;
    if (!huge && trainBytes + testBytes <= Runtime.getRuntime().maxMemory() / SHARE) {
      return new DataSet(
          name, train.decodeAll(side, orientation), test.decodeAll(side, orientation));
    }
    return new DataSet(
        name,
        new DecodedOnDemand(train, side, orientation, huge),
        new DecodedOnDemand(test, side, orientation, huge));
  }

  /** Bytes of all images, decoded. */
  private long bytes(int side) {
    return Math.multiplyExact(3L * side * side, files.size());
  }

  /**
   * The images as (side, side, 3), decoded when they are asked for and identified by their files.
   */
  public ImageSource onDemand(int side, Orientation orientation) {
    return new DecodedOnDemand(this, side, orientation, true);
  }

  private ImageSet decodeAll(int side, Orientation orientation) {
    byte[] pixels = ImageSet.allocate(dir.toString(), files.size(), side, side, 3);
    DataException[] errors = new DataException[files.size()];
    // Each image has its own place in the array, so threads cannot change the result.
    IntStream.range(0, files.size())
        .parallel()
        .forEach(i -> {
          try {
            byte[] square = square(i, side, orientation);
            System.arraycopy(square, 0, pixels, i * square.length, square.length);
          } catch (DataException e) {
            errors[i] = e;
          }
        });
    report(errors, Problems.STOP);
    return new ImageSet(side, side, 3, classes, pixels, files.labels(), files::name);
  }

  /**
   * Image {@code i} as (side, side, 3) bytes. Raise {@link ImageDecoder#VERSION} if this gives
   * other bytes than it did.
   *
   * @throws DataException if the file cannot be read
   */
  byte[] square(int i, int side, Orientation orientation) {
    try {
      return ImageDecoder.square(files.read(i), side, orientation);
    } catch (IOException e) {
      throw unreadable(i, e);
    }
  }

  private RgbImage image(int i, Orientation orientation) {
    try {
      return ImageDecoder.decode(files.read(i), orientation);
    } catch (IOException e) {
      throw unreadable(i, e);
    }
  }

  /** The bytes of file {@code i}. */
  byte[] encoded(int i) {
    try {
      return files.read(i);
    } catch (IOException e) {
      throw unreadable(i, e);
    }
  }

  private DataException unreadable(int i, IOException e) {
    String wayOut = ReadFailure.wayOut(e, "save it again as an RGB PNG or JPEG, or remove it");
    return new DataException(
        "%s cannot be read as an image (%s); %s."
            .formatted(files.location(i), ReadFailure.reason(e), wayOut),
        e);
  }

  /**
   * Decodes all files and counts images by class and size; reports unreadable ones to {@code
   * problems}, and how many are done.
   */
  public Inspection.InspectedPart inspect(Orientation orientation, Problems problems) {
    Inspection.Tally tally = new Inspection.Tally(classes);
    DataException[] errors = new DataException[files.size()];
    AtomicInteger done = new AtomicInteger();
    IntStream.range(0, files.size())
        .parallel()
        .forEach(i -> {
          try {
            RgbImage image = image(i, orientation);
            tally.add(files.label(i), image.width(), image.height());
          } catch (DataException e) {
            errors[i] = e;
          }
          problems.checked(dir, done.incrementAndGet(), files.size());
        });
    report(errors, problems);
    return tally.part();
  }

  private static void report(DataException[] errors, Problems problems) {
    for (DataException error : errors) {
      if (error != null) {
        problems.add(error);
      }
    }
  }
}
