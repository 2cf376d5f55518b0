package org.fasthebb.models.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A data set in folders of image files: {@code train/CLASS/FILE} and {@code test/CLASS/FILE}; if
 * there is no {@code test}, {@code val} is read.
 *
 * <p>Files are those that end in png, jpg, jpeg, bmp or gif, in either case. Classes, and the files
 * in each, are in the order of their names, so the same folders always give the same data set.
 * Names that start with a dot are skipped.
 */
public final class ImageFolder {
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
    requireSide(side);
    // Both are listed before any is decoded, so that a wrong layout is reported at once.
    ImageFiles train = train(dir, Problems.STOP);
    ImageFiles test = test(dir, train.classes(), Problems.STOP);
    return new DataSet(
        String.valueOf(dir.toAbsolutePath().normalize().getFileName()),
        train.decode(side),
        test.decode(side));
  }

  static void requireSide(int side) {
    if (side < 1) {
      throw new DataException("the image side must be at least 1, but is " + side + ".");
    }
  }

  /** The training files; without their folder there are no classes. */
  static ImageFiles train(Path dir, Problems problems) {
    Path train = dir.resolve("train");
    List<String> classes = classNames(dir, train, "train", problems);
    return new ImageFiles(train, classes, entries(train, classes, classes, problems));
  }

  /** The test files. */
  static ImageFiles test(Path dir, List<String> classes, Problems problems) {
    Path test = Files.isDirectory(dir.resolve("test")) ? dir.resolve("test") : dir.resolve("val");
    List<String> known = new ArrayList<>();
    for (String name : classNames(dir, test, "test or val", problems)) {
      if (classes.contains(name)) {
        known.add(name);
      } else {
        problems.add(
            new DataException(
                "%s is a class that %s does not have; add it there or remove it here."
                    .formatted(test.resolve(name), dir.resolve("train"))));
      }
    }
    return new ImageFiles(test, classes, entries(test, known, classes, problems));
  }

  private static List<String> classNames(Path dir, Path part, String what, Problems problems) {
    if (!Files.isDirectory(part)) {
      problems.add(
          new DataException(
              "%s has no folder %s; expected images as train/CLASS/FILE and test/CLASS/FILE (or val)."
                  .formatted(dir, what)));
      return List.of();
    }
    List<String> names = ImageFiles.folders(part);
    if (names.isEmpty()) {
      problems.add(
          new DataException(
              "%s has no class folders; expected images as %s/CLASS/FILE."
                  .formatted(part, part.getFileName())));
    }
    return names;
  }

  private static List<ImageFiles.LabelledFile> entries(
      Path dir, List<String> present, List<String> classes, Problems problems) {
    List<ImageFiles.LabelledFile> entries = new ArrayList<>();
    for (String name : present) {
      Path folder = dir.resolve(name);
      List<String> files = ImageFiles.names(folder);
      if (files.isEmpty()) {
        problems.add(
            new DataException(
                "%s has no png, jpg, jpeg, bmp or gif files directly in it; add some or remove it."
                    .formatted(folder)));
      }
      int label = classes.indexOf(name);
      files.forEach(file -> entries.add(new ImageFiles.LabelledFile(folder.resolve(file), label)));
    }
    return entries;
  }
}
