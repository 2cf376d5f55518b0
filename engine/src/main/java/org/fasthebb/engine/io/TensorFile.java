package org.fasthebb.engine.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.io.SafeTensorsHeader.Origin;
import org.fasthebb.engine.io.SafeTensorsHeader.TensorEntry;

/**
 * Tensors by name in a safetensors file, as type F32.
 *
 * <pre>{@code
 * TensorFile.write(Path.of("w.safetensors"), Map.of("weight", w));
 * Tensor same = TensorFile.read(Path.of("w.safetensors"), "weight", cpu);
 * }</pre>
 */
public final class TensorFile {
  private static final int CHUNK = 1 << 16;

  private TensorFile() {}

  /**
   * Writes a file, whole or not at all. The models module keeps its checkpoints by a writer of its
   * own, which also adds a checksum and clears away what killed programs left.
   *
   * @param file to create or replace; its folder exists
   * @param tensors in the order in which they are to lie in the file
   * @throws IOException if it cannot be written; a previous file is then unchanged
   */
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    Map<String, TensorEntry> entries = new LinkedHashMap<>();
    long at = 0;
    for (var named : tensors.entrySet()) {
      long[] shape = Arrays.stream(named.getValue().shape()).asLongStream().toArray();
      long end = at + (long) Float.BYTES * named.getValue().size();
      entries.put(named.getKey(), new TensorEntry("F32", shape, at, end));
      at = end;
    }
    if (entries.containsKey(SafeTensorsHeader.METADATA)) {
      throw new IllegalArgumentException(
          "the name '"
              + SafeTensorsHeader.METADATA
              + "' is the format's; use another for a tensor");
    }
    Path temporary = null;
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        throw new IOException("it is not a regular file");
      }
      temporary =
          target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
      try (OutputStream out =
          Files.newOutputStream(
              temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        out.write(SafeTensorsHeader.bytes(Map.of(), entries));
        for (Tensor tensor : tensors.values()) {
          write(tensor.toArray(), out);
        }
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IOException(
          "cannot write '%s' (%s); name a file in a folder that can be written"
              .formatted(file, reason(e)),
          e);
    } finally {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  private static void write(float[] values, OutputStream out) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    int most = CHUNK / Float.BYTES;
    for (int from = 0; from < values.length; from += most) {
      int count = Math.min(most, values.length - from);
      chunk.asFloatBuffer().put(values, from, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
    }
  }

  /**
   * Reads a tensor, which lives outside any scope. The file may hold others, as a trained model
   * holds the weights of its layers: {@code conv1.weight} and so on.
   *
   * @throws IOException if the file cannot be read, is not a safetensors file, or has no tensor of
   *     type F32 by this name
   */
  public static Tensor read(Path file, String name, Backend backend) throws IOException {
    Origin origin = new Origin("'" + file + "'", "get another copy");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafeTensorsHeader header = SafeTensorsHeader.read(channel, origin);
      TensorEntry entry = header.tensors().get(name);
      if (entry == null || !entry.dtype().equals("F32")) {
        throw new FileFormatException(
            "%s has no tensor '%s' of type F32; name one of %s.",
            origin, name, header.tensors().keySet());
      }
      if (entry.end() - entry.begin() > (long) Float.BYTES * Integer.MAX_VALUE
          || Arrays.stream(entry.shape()).anyMatch(size -> size > Integer.MAX_VALUE)) {
        throw new FileFormatException(
            "%s: tensor '%s' of shape %s has more than 2^31-1 elements; split it.",
            origin, name, Arrays.toString(entry.shape()));
      }
      int[] shape = Arrays.stream(entry.shape()).mapToInt(Math::toIntExact).toArray();
      Tensor tensor = backend.zeros(shape);
      float[] values = new float[tensor.size()];
      long begin = header.bytes().length + entry.begin();
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
        int count = Math.min(CHUNK / Float.BYTES, values.length - from);
        chunk.clear().limit(count * Float.BYTES);
        SafeTensorsHeader.fill(channel, begin + (long) Float.BYTES * from, chunk, origin);
        chunk.flip().asFloatBuffer().get(values, from, count);
      }
      tensor.write(values);
      return tensor;
    } catch (FileFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "cannot read '%s' (%s); name a file that can be read".formatted(file, reason(e)), e);
    }
  }

  private static String reason(IOException e) {
    return e.getClass() == IOException.class ? e.getMessage() : e.getClass().getSimpleName();
  }
}
