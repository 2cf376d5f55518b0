package org.fasthebb.models.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.models.io.ReadFailure;

/**
 * The official binary layout of a CIFAR data set: files of records, each a few label bytes and 3072
 * pixel bytes of 32x32 RGB, which are planar (all red, all green, all blue, row by row).
 *
 * @param title for messages, such as CIFAR-10
 * @param folder the name of the folder that the official archive holds
 * @param train the names of the training files, in order
 * @param trainRecords how many records each of them has
 * @param test the name of the test file
 * @param testRecords how many records it has
 * @param labels what the label bytes of a record mean; the last one is the label that is used
 */
record CifarFiles(
    String title,
    String folder,
    List<String> train,
    int trainRecords,
    String test,
    int testRecords,
    List<LabelByte> labels) {
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int PIXELS = 3 * PLANE;

  /**
   * One label byte.
   *
   * @param name what the byte says, for messages
   * @param classes the number of classes; values are 0 .. classes - 1
   */
  record LabelByte(String name, int classes) {}

  /** Receives records one by one. */
  @FunctionalInterface
  interface RecordReader {
    /**
     * Takes a record whose labels are in range.
     *
     * @param label the one that is used
     * @param record the whole record; it is overwritten by the next
     */
    void accept(int label, byte[] record);
  }

  /** The same layout with other numbers of records, so that tests can be small. */
  CifarFiles withRecords(int perTrainFile, int perTestFile) {
    return new CifarFiles(title, folder, train, perTrainFile, test, perTestFile, labels);
  }

  /** The folder of the files: {@code dir}, or the folder in it that has the official name. */
  Path home(Path dir) {
    Path nested = dir.resolve(folder);
    return Files.isDirectory(nested) ? nested : dir;
  }

  /** How many classes the label that is used tells apart. */
  int classes() {
    return labels.getLast().classes();
  }

  /**
   * The training images.
   *
   * @param home the folder of the files
   * @param names of the classes
   * @throws DataException if a file is missing, unreadable, of the wrong length or has a label out
   *     of range
   */
  ImageSet readTrain(Path home, List<String> names) {
    return read(home, names, train, trainRecords);
  }

  /** Reads the test images, as {@link #readTrain} reads the training images. */
  ImageSet readTest(Path home, List<String> names) {
    return read(home, names, List.of(test), testRecords);
  }

  private ImageSet read(Path home, List<String> names, List<String> files, int recordsPerFile) {
    int size = Math.multiplyExact(files.size(), recordsPerFile);
    byte[] pixels = ImageSet.allocate(home.toString(), size, SIDE, SIDE, 3);
    int[] read = new int[size];
    RecordReader reader =
        new RecordReader() {
          private int image;

          @Override
          public void accept(int label, byte[] record) {
            read[image] = label;
            toChannelsLast(record, labels.size(), pixels, image * PIXELS);
            image++;
          }
        };
    for (String file : files) {
      forEachRecord(home.resolve(file), recordsPerFile, Problems.STOP, reader);
    }
    return new ImageSet(SIDE, SIDE, 3, names, pixels, read);
  }

  /** Counts the training labels; {@code problems} is told what is wrong with the files. */
  Inspection.InspectedPart inspectTrain(Path home, List<String> names, Problems problems) {
    return inspect(home, names, train, trainRecords, problems);
  }

  /** As {@link #inspectTrain}, the test labels. */
  Inspection.InspectedPart inspectTest(Path home, List<String> names, Problems problems) {
    return inspect(home, names, List.of(test), testRecords, problems);
  }

  private Inspection.InspectedPart inspect(
      Path home, List<String> names, List<String> files, int recordsPerFile, Problems problems) {
    Inspection.Tally tally = new Inspection.Tally(names);
    RecordReader reader = (label, _) -> tally.add(label, SIDE, SIDE);
    for (String file : files) {
      forEachRecord(home.resolve(file), recordsPerFile, problems, reader);
    }
    return tally.part();
  }

  private void forEachRecord(Path file, int records, Problems problems, RecordReader reader) {
    int length = labels.size() + PIXELS;
    if (!Files.isRegularFile(file)) {
      problems.add(new DataException("%s is missing; expected %s.".formatted(file, expected())));
      return;
    }
    try {
      long expected = (long) records * length;
      // The size is asked first so that a huge stray file is refused, not loaded.
      long found = Files.size(file);
      if (found != expected) {
        problems.add(
            new DataException(
                ("%s should have %s bytes (%s records of %s) but has %s;"
                        + " extract it from the archive again.")
                    .formatted(file, expected, records, length, found)));
        return;
      }
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        byte[] record = new byte[length];
        for (int r = 0; r < records; r++) {
          if (in.readNBytes(record, 0, length) < length) {
            throw new IOException("it became shorter while it was read");
          }
          if (labelsFit(file, r, record, problems)) {
            reader.accept(Byte.toUnsignedInt(record[labels.size() - 1]), record);
          }
        }
      }
    } catch (IOException e) {
      problems.add(
          new DataException("%s cannot be read: %s.".formatted(file, ReadFailure.reason(e)), e));
    }
  }

  /** What should be in a folder. */
  private String expected() {
    String files =
        train.size() == 1 ? train.getFirst() : train.getFirst() + " to " + train.getLast();
    return "%s and %s of the %s binary version there, or in a folder %s"
        .formatted(files, test, title, folder);
  }

  private boolean labelsFit(Path file, int r, byte[] record, Problems problems) {
    for (int i = 0; i < labels.size(); i++) {
      LabelByte of = labels.get(i);
      int label = Byte.toUnsignedInt(record[i]);
      if (label >= of.classes()) {
        problems.add(
            new DataException(
                ("%s has label %s in record %s (counted from 0), but %s labels are 0..%s; use the"
                        + " %s binary version.")
                    .formatted(file, label, r, of.name(), of.classes() - 1, title)));
        return false;
      }
    }
    return true;
  }

  private static void toChannelsLast(byte[] planar, int from, byte[] out, int to) {
    for (int p = 0; p < PLANE; p++) {
      for (int c = 0; c < 3; c++) {
        out[to + 3 * p + c] = planar[from + c * PLANE + p];
      }
    }
  }

  /**
   * The class names in a file of one name per line; if they are not as many as the classes, {@code
   * problems} is told, and they are numbers.
   */
  List<String> classNames(Path file, Problems problems) {
    List<String> names = TextLines.read(file, expected(), problems);
    if (names.size() == classes()) {
      return names;
    }
    // An empty file has been reported already.
    if (!names.isEmpty()) {
      problems.add(
          new DataException(
              "%s should name %s classes but names %s; extract it from the archive again."
                  .formatted(file, classes(), names.size())));
    }
    return IntStream.range(0, classes()).mapToObj(Integer::toString).toList();
  }
}
