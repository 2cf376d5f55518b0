package org.fasthebb.models.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Image files with their labels, found but not yet decoded.
 *
 * @param dir the folder that holds all files, for messages
 * @param classes the class names, in label order
 * @param entries the files
 */
record ImageFiles(Path dir, List<String> classes, List<LabelledFile> entries) {
  private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "bmp", "gif");

  /** An image file and its class. */
  record LabelledFile(Path file, int label) {}

  /** Receives decoded images, from many threads at once. */
  private interface Receiver {
    void accept(int i, ImageDecoder.Decoded image);
  }

  /**
   * The sorted names of the image files directly in {@code dir}: those that end in png, jpg, jpeg,
   * bmp or gif, in either case, and do not start with a dot.
   *
   * @throws DataException if the folder cannot be listed
   */
  static List<String> names(Path dir) {
    return list(dir, ImageFiles::isImage);
  }

  /** The sorted names of the folders directly in {@code dir}, but those that start with a dot. */
  static List<String> folders(Path dir) {
    return list(dir, Files::isDirectory);
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(extension) && Files.isRegularFile(file);
  }

  /** Sorted, because file systems list in any order. */
  private static List<String> list(Path dir, Predicate<Path> wanted) {
    try (Stream<Path> paths = Files.list(dir)) {
      return paths
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(wanted)
          .map(path -> path.getFileName().toString())
          .sorted(Comparator.naturalOrder())
          .toList();
    } catch (IOException e) {
      throw new DataException("%s cannot be listed: %s.".formatted(dir, e), e);
    }
  }

  /**
   * Decodes all files, resizes each image bilinearly until its shorter side is {@code side}, and
   * crops the centre.
   *
   * @return images of (side, side, 3)
   * @throws DataException for the first file that cannot be read, or if all are too large for
   *     memory
   */
  ImageSet decode(int side) {
    byte[] pixels = ImageSet.allocate(dir.toString(), entries.size(), side, side, 3);
    // Each image has its own place in the array, so threads cannot change the result.
    decodeAll(
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
  Inspection.InspectedPart inspect(Problems problems) {
    Inspection.Tally tally = new Inspection.Tally(classes);
    decodeAll(
        problems, (i, image) -> tally.add(entries.get(i).label(), image.width(), image.height()));
    return tally.part();
  }

  private void decodeAll(Problems problems, Receiver receiver) {
    DataException[] errors = new DataException[entries.size()];
    IntStream.range(0, errors.length)
        .parallel()
        .forEach(i -> {
          try {
            receiver.accept(i, ImageDecoder.decode(entries.get(i).file()));
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
