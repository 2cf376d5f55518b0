package org.fasthebb.models.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.image.Resize;
import org.fasthebb.models.image.RgbImage;
import org.fasthebb.models.io.ReadFailure;

/**
 * Image files with their labels, found but not yet decoded.
 *
 * @param dir the folder that holds all files, for messages
 * @param classes the class names, in label order
 * @param entries the files
 */
record ImageFiles(Path dir, List<String> classes, List<LabelledFile> entries) {
  /** The longest file that is read, in bytes. */
  private static final int MOST_BYTES = 1 << 30;

  /** An image file and its class. */
  record LabelledFile(Path file, int label) {}

  /** Receives decoded images, from many threads at once. */
  private interface Receiver {
    void accept(int i, RgbImage image);
  }

  /**
   * Decodes all files, resizes each image bilinearly until its shorter side is {@code side}, and
   * crops the centre.
   *
   * @return images of (side, side, 3)
   * @throws DataException for the first file that cannot be read, or if all are too large for
   *     memory
   */
  ImageSet decode(int side, Orientation orientation) {
    byte[] pixels = ImageSet.allocate(dir.toString(), entries.size(), side, side, 3);
    // Each image has its own place in the array, so threads cannot change the result.
    decodeAll(
        orientation,
        Problems.STOP,
        (i, image) -> {
          byte[] square = Resize.centreSquare(image, side);
          System.arraycopy(square, 0, pixels, i * square.length, square.length);
        });
    int[] labels = entries.stream().mapToInt(LabelledFile::label).toArray();
    return new ImageSet(side, side, 3, classes, pixels, labels);
  }

  /**
   * Decodes all files and counts images by class and size; reports unreadable ones to {@code
   * problems}.
   */
  Inspection.InspectedPart inspect(Orientation orientation, Problems problems) {
    Inspection.Tally tally = new Inspection.Tally(classes);
    decodeAll(
        orientation,
        problems,
        (i, image) -> tally.add(entries.get(i).label(), image.width(), image.height()));
    return tally.part();
  }

  private static RgbImage decode(Path file, Orientation orientation) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("it has more than %s bytes".formatted(MOST_BYTES));
      }
      return decode(file.toString(), Files.readAllBytes(file), orientation);
    } catch (IOException e) {
      throw undecodable(file.toString(), e);
    }
  }

  /**
   * Decodes one file.
   *
   * @param name what messages call it
   * @param bytes what is in it
   * @throws DataException if the bytes are damaged, of a kind that is not read, or have too many
   *     pixels
   */
  static RgbImage decode(String name, byte[] bytes, Orientation orientation) {
    try {
      return ImageDecoder.decode(bytes, orientation);
    } catch (IOException e) {
      throw undecodable(name, e);
    }
  }

  private static DataException undecodable(String name, IOException e) {
    return new DataException(
        "%s cannot be read as an image (%s); save it again as an RGB PNG or JPEG, or remove it."
            .formatted(name, ReadFailure.reason(e)),
        e);
  }

  private void decodeAll(Orientation orientation, Problems problems, Receiver receiver) {
    DataException[] errors = new DataException[entries.size()];
    IntStream.range(0, errors.length)
        .parallel()
        .forEach(i -> {
          try {
            receiver.accept(i, decode(entries.get(i).file(), orientation));
          } catch (DataException e) {
            errors[i] = e;
          }
        });
    for (DataException error : errors) {
      if (error != null) {
        problems.add(error);
      }
    }
  }
}
