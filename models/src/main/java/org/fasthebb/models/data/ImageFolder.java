package org.fasthebb.models.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A data set in folders of image files: {@code train/CLASS/FILE} and {@code test/CLASS/FILE}, or
 * {@code val} for want of {@code test}.
 *
 * <p>Files are those that end in png, jpg, jpeg, bmp or gif, in either case. Classes, and the files
 * in each, are in the order of their names, so the same folders always give the same data set.
 * Names that start with a dot are skipped.
 */
public final class ImageFolder {
  private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "bmp", "gif");

  /** An image file and its class. */
  private record Entry(Path file, int label) {}

  private ImageFolder() {}

  /**
   * Reads the data set, named after the folder. Each image is resized bilinearly until its shorter
   * side is {@code side}, then its centre is cropped; grey becomes RGB.
   *
   * @param dir the folder that holds {@code train} and {@code test} or {@code val}
   * @param side the height and width to give each image, at least 1
   * @throws DataException if a folder is missing, there is no class, a class has no image, a test
   *     class is not a training class, an image cannot be read, or all are too large for memory
   */
  public static DataSet read(Path dir, int side) {
    if (side < 1) {
      throw new DataException("the image side must be at least 1, but is " + side + ".");
    }
    Path trainDir = dir.resolve("train");
    Path testDir =
        Files.isDirectory(dir.resolve("test")) ? dir.resolve("test") : dir.resolve("val");
    if (!Files.isDirectory(trainDir) || !Files.isDirectory(testDir)) {
      throw new DataException(
          "%s has no folder %s; expected images as train/CLASS/FILE and test/CLASS/FILE (or val)."
              .formatted(dir, Files.isDirectory(trainDir) ? "test or val" : "train"));
    }
    List<String> classes = classNames(trainDir);
    List<String> testClasses = classNames(testDir);
    for (String name : testClasses) {
      if (!classes.contains(name)) {
        throw new DataException(
            "%s is a class that %s does not have; add it there or remove it here."
                .formatted(testDir.resolve(name), trainDir));
      }
    }
    // Both are listed before any is decoded, so that a wrong layout is reported at once.
    List<Entry> train = entries(trainDir, classes, classes);
    List<Entry> test = entries(testDir, testClasses, classes);
    return new DataSet(
        String.valueOf(dir.toAbsolutePath().normalize().getFileName()),
        decode(trainDir, train, classes, side),
        decode(testDir, test, classes, side));
  }

  private static List<String> classNames(Path dir) {
    List<String> names = list(dir, Files::isDirectory);
    if (names.isEmpty()) {
      throw new DataException(
          "%s has no class folders; expected images as %s/CLASS/FILE."
              .formatted(dir, dir.getFileName()));
    }
    return names;
  }

  private static List<Entry> entries(Path dir, List<String> present, List<String> classes) {
    List<Entry> entries = new ArrayList<>();
    for (String name : present) {
      Path folder = dir.resolve(name);
      List<String> files = list(folder, ImageFolder::isImage);
      if (files.isEmpty()) {
        throw new DataException(
            "%s has no png, jpg, jpeg, bmp or gif files directly in it; add some or remove it."
                .formatted(folder));
      }
      int label = classes.indexOf(name);
      files.forEach(file -> entries.add(new Entry(folder.resolve(file), label)));
    }
    return entries;
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(extension) && Files.isRegularFile(file);
  }

  /** The sorted names of what is in {@code dir}; file systems list in any order. */
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

  private static ImageSet decode(Path dir, List<Entry> entries, List<String> classes, int side) {
    int size = entries.size();
    byte[] pixels = ImageSet.allocate(dir.toString(), size, side, side, 3);
    DataException[] errors = new DataException[size];
    // Each image has its own place in the arrays, so threads cannot change the outcome.
    IntStream.range(0, size)
        .parallel()
        .forEach(i -> {
          try {
            ImageDecoder.Decoded image = ImageDecoder.decode(entries.get(i).file());
            byte[] square = Resize.centreSquare(image, side);
            System.arraycopy(square, 0, pixels, i * square.length, square.length);
          } catch (DataException e) {
            errors[i] = e;
          }
        });
    for (DataException error : errors) {
      if (error != null) {
        throw error;
      }
    }
    int[] labels = entries.stream().mapToInt(Entry::label).toArray();
    return new ImageSet(side, side, 3, classes, pixels, labels);
  }
}
