package org.fasthebb.tools.photos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.tools.console.Text;

/**
 * Features of photos, to be written in the forms that other programs read; {@link FeatureReader}
 * reads them again. Each file is written whole or not at all.
 *
 * @param files of the photos
 * @param labels their labels; empty for none
 * @param rows their features
 * @param width the number of features of a photo
 */
record FeatureTable(List<String> files, List<String> labels, List<float[]> rows, int width) {
  /** The data of a .npy file begin at a multiple of this. */
  private static final int ALIGNMENT = 64;

  /** The signature of a .npy file, its version 1.0, and the length of its header. */
  private static final int NPY_START = 10;

  /**
   * Writes float32 (photos, features) as numpy's format 1.0, and files and labels as CSV to {@code
   * beside}.
   */
  void writeNpy(Path file, Path beside) throws CheckpointException {
    StringBuilder names = new StringBuilder("row,file,label\n");
    for (int i = 0; i < rows.size(); i++) {
      names.append(Text.csv(List.of(i, files.get(i), labels.get(i)))).append('\n');
    }
    AtomicFile.writeString(beside, names.toString());
    AtomicFile.write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          buffered.write(npyHeader());
          ByteBuffer bytes =
              ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (float[] row : rows) {
            bytes.clear().asFloatBuffer().put(row);
            buffered.write(bytes.array());
          }
          buffered.flush();
        });
  }

  private byte[] npyHeader() {
    String header =
        Text.format(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows.size(), width);
    int spaces = Math.floorMod(-(NPY_START + header.length() + 1), ALIGNMENT);
    header += " ".repeat(spaces) + "\n";
    return ByteBuffer.allocate(NPY_START + header.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("\u0093NUMPY\u0001\u0000".getBytes(ISO_8859_1))
        .putShort((short) header.length())
        .put(header.getBytes(ISO_8859_1))
        .array();
  }

  /** Writes a row per photo: file, label, and the features. */
  void writeCsv(Path file) throws CheckpointException {
    AtomicFile.write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          List<Object> line = new ArrayList<>(List.of("file", "label"));
          for (int f = 0; f < width; f++) {
            line.add("f" + f);
          }
          write(buffered, line);
          for (int i = 0; i < rows.size(); i++) {
            line = new ArrayList<>(List.of(files.get(i), labels.get(i)));
            for (float value : rows.get(i)) {
              line.add(value);
            }
            write(buffered, line);
          }
          buffered.flush();
        });
  }

  private static void write(OutputStream out, List<?> row) throws IOException {
    out.write((Text.csv(row) + "\n").getBytes(UTF_8));
  }

  /**
   * Writes a safetensors file.
   *
   * @param model the checksum of the model, for its metadata
   */
  void writeSafeTensors(Path file, String model) throws CheckpointException {
    List<String> classes = new ArrayList<>(new TreeSet<>(labels));
    classes.remove("");
    float[] all = new float[Math.multiplyExact(rows.size(), width)];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * width, width);
    }
    SafeTensors.writer()
        .metadata("files", Json.line(files))
        .metadata("class_names", Json.line(classes))
        .metadata("model", model)
        .longs(
            "labels",
            new int[] {rows.size()},
            labels.stream().mapToLong(classes::indexOf).toArray())
        .floats("features", new int[] {rows.size(), width}, all)
        .write(file);
  }
}
