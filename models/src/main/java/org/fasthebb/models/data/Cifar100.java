package org.fasthebb.models.data;

import java.nio.file.Path;
import java.util.List;

/**
 * CIFAR-100 in its official binary layout: 50,000 training and 10,000 test images, 32x32 RGB, of
 * 100 classes.
 *
 * <p>Each record has two label bytes, a coarse one (20 superclasses) and a fine one, and 3072 pixel
 * bytes. The fine label is the one that is used.
 */
public final class Cifar100 {
  static final CifarFiles FILES =
      new CifarFiles(
          "CIFAR-100",
          "cifar-100-binary",
          List.of("train.bin"),
          50_000,
          "test.bin",
          10_000,
          List.of(
              new CifarFiles.LabelByte("CIFAR-100's coarse", 20),
              new CifarFiles.LabelByte("CIFAR-100's fine", 100)));

  private Cifar100() {}

  /**
   * Reads the data set, named {@code cifar100}.
   *
   * @param dir the folder that holds {@code train.bin}, {@code test.bin} and {@code
   *     fine_label_names.txt}, or the parent of such a folder named {@code cifar-100-binary}
   * @throws DataException if a file is missing, unreadable, of the wrong length or has a label out
   *     of range, or there are not 100 names
   */
  public static DataSet read(Path dir) {
    return read(dir, FILES);
  }

  /** As {@link #read(Path)}, for files of any number of records, so that tests can be small. */
  static DataSet read(Path dir, CifarFiles files) {
    Path home = files.home(dir);
    List<String> names = classNames(home, Problems.STOP);
    return new DataSet("cifar100", files.readTrain(home, names), files.readTest(home, names));
  }

  static List<String> classNames(Path home, Problems problems) {
    return FILES.classNames(home.resolve("fine_label_names.txt"), problems);
  }
}
