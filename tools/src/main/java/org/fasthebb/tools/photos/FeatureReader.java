package org.fasthebb.tools.photos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.ReadFailure;
import org.fasthebb.models.io.SafeTensors;

/**
 * Reads the features that {@link FeatureTable} writes, or that another program wrote in one of its
 * forms. Every row needs a label; names of files need not be there.
 */
final class FeatureReader {
  private static final String LABEL = "label";
  private static final String FILE = "file";
  private static final String ROW = "row";

  /** What some programs write before the first line. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Columns of a CSV file that are no features. */
  private static final List<String> NAMES = List.of(ROW, FILE, LABEL);

  private static final Pattern NPY =
      Pattern.compile(
          "\\{'descr': *'<f([48])', *'fortran_order': *False, *'shape': *\\((\\d{1,9}),"
              + " *(\\d{1,9}),?\\),? *\\}\\s*");

  /** Bytes of a .npy file before its header, with the length of that: versions 1, and 2 and 3. */
  private static final int START = 10;

  private static final int LONG_START = 12;

  private final Path path;

  FeatureReader(Path path) {
    this.path = path;
  }

  /**
   * Reads the file.
   *
   * @throws DataException if it cannot be read, or holds no features with labels
   */
  FeatureTable read() throws CheckpointException {
    if (!Files.exists(path)) {
      throw new DataException(path + " cannot be read: there is no such file");
    }
    try {
      FeatureTable table =
          switch (TableForm.of(path)) {
            case NPY -> readNpy();
            case CSV -> readCsv(path);
            case SAFETENSORS -> readSafeTensors();
            case null -> throw wrong("its name ends with none of .npy, .csv and .safetensors");
          };
      check(table);
      return table;
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + ReadFailure.reason(e), e);
    }
  }

  private DataException wrong(String why) {
    return new DataException(
        path + " holds no features with labels: " + why + "; see fasthebb embed --help");
  }

  private void check(FeatureTable table) {
    if (table.rows().isEmpty() || table.width() == 0) {
      throw wrong("it has %s rows of %s values".formatted(table.rows().size(), table.width()));
    }
    for (int row = 0; row < table.rows().size(); row++) {
      if (table.labels().get(row).isEmpty()) {
        throw wrong("row %s has no label".formatted(row));
      }
      if (!SafeTensors.areFinite(table.rows().get(row))) {
        throw wrong("row %s has a value that is not finite".formatted(row));
      }
    }
  }

  // ---- npy

  private FeatureTable readNpy() throws IOException {
    Path beside = TableForm.namesBeside(path);
    if (!Files.exists(beside)) {
      throw wrong("there is no " + beside + " with a row for each, which has the column label");
    }
    FeatureTable names = readCsv(beside);
    List<float[]> rows = npyRows();
    if (rows.size() != names.labels().size()) {
      throw wrong(
          "it has %s rows, but %s has %s".formatted(rows.size(), beside, names.labels().size()));
    }
    int width = rows.isEmpty() ? 0 : rows.getFirst().length;
    return new FeatureTable(names.files(), names.labels(), rows, width);
  }

  private List<float[]> npyRows() throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      byte[] start = bytes(channel, 0, LONG_START);
      if (!new String(start, 0, 6, ISO_8859_1).equals("\u0093NUMPY")) {
        throw wrong("it does not begin as a .npy file does");
      }
      ByteBuffer lengths = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
      boolean isFirst = start[6] == 1;
      int from = isFirst ? START : LONG_START;
      long header = isFirst ? lengths.getShort(8) & 0xFFFF : lengths.getInt(8) & 0xFFFFFFFFL;
      String text = new String(bytes(channel, from, header), ISO_8859_1);
      Matcher known = NPY.matcher(text);
      if (!known.matches()) {
        throw wrong(
            ("its header is %s; it must hold float32 or float64 (n, F), row by row, as"
                    + " np.save writes np.ascontiguousarray(x, dtype='<f4')")
                .formatted(text.strip()));
      }
      boolean isDouble = known.group(1).equals("8");
      long count = Long.parseLong(known.group(2));
      long width = Long.parseLong(known.group(3));
      long each = width * (isDouble ? Double.BYTES : Float.BYTES);
      if (width == 0 || channel.size() != from + header + count * each) {
        throw wrong("it has another length than its header says, or no features");
      }
      List<float[]> rows = new ArrayList<>();
      for (long row = 0; row < count; row++) {
        rows.add(floats(bytes(channel, from + header + row * each, each), isDouble));
      }
      return rows;
    }
  }

  private byte[] bytes(FileChannel channel, long from, long count) throws IOException {
    if (count > Math.min(channel.size(), Integer.MAX_VALUE)) {
      throw wrong("it is too short, or a row is too long");
    }
    byte[] bytes = new byte[Math.toIntExact(count)];
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      if (channel.read(left, from + left.position()) < 0) {
        throw wrong("it is too short");
      }
    }
    return bytes;
  }

  private static float[] floats(byte[] row, boolean isDouble) {
    ByteBuffer bytes = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[row.length / (isDouble ? Double.BYTES : Float.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = isDouble ? (float) bytes.getDouble() : bytes.getFloat();
    }
    return values;
  }

  // ---- csv

  private FeatureTable readCsv(Path csv) throws IOException {
    List<String> files = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(csv)) {
      List<String> header = fields(lines);
      int label = header == null ? -1 : header.indexOf(LABEL);
      if (label < 0) {
        throw wrong("the first line of " + csv + " names no column label");
      }
      int file = header.indexOf(FILE);
      int[] columns = columns(header);
      for (List<String> row = fields(lines); row != null; row = fields(lines)) {
        if (row.size() != header.size()) {
          throw wrong(
              "row %s of %s has %s fields, its first line %s"
                  .formatted(rows.size(), csv, row.size(), header.size()));
        }
        labels.add(row.get(label));
        files.add(file < 0 ? ROW + " " + rows.size() : row.get(file));
        rows.add(values(row, columns));
      }
      return new FeatureTable(files, labels, rows, columns.length);
    }
  }

  /** The columns with features. */
  private static int[] columns(List<String> header) {
    int[] all = new int[header.size()];
    Arrays.setAll(all, i -> i);
    return Arrays.stream(all).filter(i -> !NAMES.contains(header.get(i))).toArray();
  }

  private float[] values(List<String> row, int... columns) {
    float[] values = new float[columns.length];
    for (int i = 0; i < values.length; i++) {
      String text = row.get(columns[i]);
      try {
        values[i] = Float.parseFloat(text);
      } catch (NumberFormatException e) {
        throw wrong("'" + text + "' is no number");
      }
    }
    return values;
  }

  /** The fields of the next row (RFC 4180), which may have several lines; null at the end. */
  private static List<String> fields(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    if (line == null) {
      return null;
    }
    StringBuilder row =
        new StringBuilder(line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line);
    while (row.chars().filter(c -> c == '"').count() % 2 != 0) { // within quotes
      String next = lines.readLine();
      if (next == null) {
        break;
      }
      row.append('\n').append(next);
    }
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      if (c == '"') {
        boolean isDouble = quoted && i + 1 < row.length() && row.charAt(i + 1) == '"';
        if (isDouble) {
          field.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  // ---- safetensors

  private FeatureTable readSafeTensors() throws CheckpointException {
    try (SafeTensors saved = SafeTensors.read(path)) {
      if (!saved.names().containsAll(List.of("features", "labels"))) {
        throw wrong("it has no tensors features and labels");
      }
      int[] shape = saved.shape("features");
      long[] labels = saved.longs("labels");
      if (shape.length != 2 || labels.length != shape[0]) {
        throw wrong(
            "features are %s, with %s labels".formatted(Arrays.toString(shape), labels.length));
      }
      List<String> classes = texts(saved, "class_names");
      List<String> files = texts(saved, "files");
      float[] all = saved.floats("features");
      List<float[]> rows = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < shape[0]; i++) {
        rows.add(Arrays.copyOfRange(all, i * shape[1], (i + 1) * shape[1]));
        boolean isKnown = labels[i] >= 0 && labels[i] < classes.size();
        names.add(isKnown ? classes.get((int) labels[i]) : labels[i] < 0 ? "" : "" + labels[i]);
      }
      if (files.size() != shape[0]) {
        files = Stream.iterate(0, i -> i + 1).limit(shape[0]).map(i -> ROW + " " + i).toList();
      }
      return new FeatureTable(files, names, rows, shape[1]);
    }
  }

  private List<String> texts(SafeTensors saved, String key) {
    try {
      return Json.texts(saved.metadata().getOrDefault(key, "[]"));
    } catch (IllegalArgumentException e) {
      throw wrong("its metadata " + key + " is no list of names in JSON");
    }
  }
}
