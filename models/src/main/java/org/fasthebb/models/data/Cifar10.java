package org.fasthebb.models.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CIFAR-10 in its official binary layout: 50,000 training and 10,000 test images, 32x32 RGB.
 *
 * <p>Each file holds 10,000 records of one label byte and 3072 pixel bytes.
 */
public final class Cifar10 {
  static final CifarFiles FILES =
      new CifarFiles(
          "CIFAR-10",
          "cifar-10-batches-bin",
          List.of(
              "data_batch_1.bin",
              "data_batch_2.bin",
              "data_batch_3.bin",
              "data_batch_4.bin",
              "data_batch_5.bin"),
          10_000,
          "test_batch.bin",
          10_000,
          List.of(new CifarFiles.LabelByte("CIFAR-10", 10)));

  private static final List<String> STANDARD_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private Cifar10() {}

  /**
   * Reads the data set, named {@code cifar10}.
   *
   * @param dir the folder that holds {@code data_batch_1.bin} to {@code data_batch_5.bin} and
   *     {@code test_batch.bin}, or the parent of such a folder named {@code cifar-10-batches-bin};
   *     class names come from {@code batches.meta.txt} if it is there
   * @throws DataException if a file is missing, unreadable, of the wrong length or has a label
   *     above 9
   */
  public static DataSet read(Path dir) {
    return read(dir, FILES);
  }

  /** As {@link #read(Path)}, for files of any number of records, so that tests can be small. */
  static DataSet read(Path dir, CifarFiles files) {
    Path home = files.home(dir);
    List<String> names = classNames(home, Problems.STOP);
    return new DataSet("cifar10", files.readTrain(home, names), files.readTest(home, names));
  }

  static List<String> classNames(Path home, Problems problems) {
    Path meta = home.resolve("batches.meta.txt");
    return Files.exists(meta) ? FILES.classNames(meta, problems) : STANDARD_NAMES;
  }
}
