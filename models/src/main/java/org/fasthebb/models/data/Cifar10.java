package org.fasthebb.models.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * CIFAR-10 in its official binary layout: 50,000 training and 10,000 test images, 32x32 RGB.
 *
 * <p>Each file holds 10,000 records of one label byte and 3072 pixel bytes, which are planar (all
 * red, all green, all blue, row by row) and become channels-last here.
 */
public final class Cifar10 {
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int RECORD = 1 + 3 * PLANE;
  private static final int RECORDS_PER_FILE = 10_000;
  private static final int TRAIN_FILES = 5;
  private static final String FOLDER = "cifar-10-batches-bin";
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
    return read(dir, RECORDS_PER_FILE);
  }

  /** As {@link #read(Path)}, for files of any number of records, so that tests can be small. */
  static DataSet read(Path dir, int recordsPerFile) {
    Path nested = dir.resolve(FOLDER);
    Path folder = Files.isDirectory(nested) ? nested : dir;
    List<String> names = classNames(folder.resolve("batches.meta.txt"));
    String[] trainFiles = new String[TRAIN_FILES];
    Arrays.setAll(trainFiles, i -> "data_batch_" + (i + 1) + ".bin");
    ImageSet train = readFiles(folder, recordsPerFile, names, trainFiles);
    ImageSet test = readFiles(folder, recordsPerFile, names, "test_batch.bin");
    return new DataSet("cifar10", train, test);
  }

  private static ImageSet readFiles(
      Path folder, int recordsPerFile, List<String> names, String... files) {
    int size = files.length * recordsPerFile;
    byte[] pixels = ImageSet.allocate(folder.toString(), size, SIDE, SIDE, 3);
    int[] labels = new int[size];
    int image = 0;
    for (String name : files) {
      Path file = folder.resolve(name);
      byte[] records = readRecords(file, recordsPerFile);
      for (int r = 0; r < recordsPerFile; r++, image++) {
        labels[image] = label(file, r, records[r * RECORD]);
        toChannelsLast(records, r * RECORD + 1, pixels, image * 3 * PLANE);
      }
    }
    return new ImageSet(SIDE, SIDE, 3, names, pixels, labels);
  }

  private static byte[] readRecords(Path file, int recordsPerFile) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          ("%s is missing; expected data_batch_1.bin to data_batch_5.bin and test_batch.bin of the"
                  + " CIFAR-10 binary version there, or in a folder %s.")
              .formatted(file, FOLDER));
    }
    try {
      long expected = (long) recordsPerFile * RECORD;
      // The size is asked first so that a huge stray file is refused, not loaded.
      long found = Files.size(file);
      if (found != expected) {
        throw new DataException(
            ("%s should have %d bytes (%d records of %d) but has %d;"
                    + " extract it from the archive again.")
                .formatted(file, expected, recordsPerFile, RECORD, found));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(file, e), e);
    }
  }

  private static int label(Path file, int record, byte value) {
    int label = Byte.toUnsignedInt(value);
    if (label >= STANDARD_NAMES.size()) {
      throw new DataException(
          ("%s has label %d in record %d (counted from 0), but CIFAR-10 labels are 0..9; use the"
                  + " CIFAR-10 binary version.")
              .formatted(file, label, record));
    }
    return label;
  }

  private static void toChannelsLast(byte[] planar, int from, byte[] out, int to) {
    for (int p = 0; p < PLANE; p++) {
      for (int c = 0; c < 3; c++) {
        out[to + 3 * p + c] = planar[from + c * PLANE + p];
      }
    }
  }

  private static List<String> classNames(Path meta) {
    if (!Files.exists(meta)) {
      return STANDARD_NAMES;
    }
    List<String> names;
    try {
      names =
          Files.readAllLines(meta).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(meta, e), e);
    }
    if (names.size() != STANDARD_NAMES.size()) {
      throw new DataException(
          "%s should name %d classes but names %d; correct or delete it."
              .formatted(meta, STANDARD_NAMES.size(), names.size()));
    }
    return names;
  }
}
