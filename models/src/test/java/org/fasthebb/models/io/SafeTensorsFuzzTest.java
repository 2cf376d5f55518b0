package org.fasthebb.models.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fasthebb.testing.FuzzTest;

class SafeTensorsFuzzTest extends FuzzTest {
  /** As other programs write it: types that this one cannot read, and a tensor without elements. */
  private static final String FOREIGN =
      """
      {"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},\
      "b":{"dtype":"F64","shape":[],"data_offsets":[4,12]},\
      "c":{"dtype":"U8","shape":[0,3000000],"data_offsets":[12,12]},\
      "d":{"dtype":"I32","shape":[1,1],"data_offsets":[12,16]}}\
      """;

  @Override
  protected List<byte[]> seeds() throws IOException {
    Path ours = folder().resolve("ours");
    SafeTensors.writer()
        .metadata("key", "value \u00e9\n")
        .floats("w", new int[] {2, 3}, new float[6])
        .floats("a name \"of\" more words", new int[] {1}, new float[1])
        .write(ours);
    byte[] header = FOREIGN.getBytes(UTF_8);
    ByteBuffer foreign = ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    foreign.putLong(header.length).put(header);
    return List.of(Files.readAllBytes(ours), foreign.array());
  }

  @Override
  protected void parse(byte[] input) throws IOException {
    try (SafeTensors tensors = SafeTensors.read(file("input", input))) {
      for (String name : tensors.names()) {
        switch (tensors.dtype(name)) {
          case "F32", "F64" -> {
            tensors.floats(name);
            tensors.doubles(name);
          }
          case "I32", "I64", "U8" -> tensors.longs(name);
          default -> {}
        }
        tensors.shape(name);
      }
      if (tensors.metadata().containsKey("sha256")) {
        tensors.verifyChecksum();
      }
    }
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return e instanceof CheckpointException;
  }
}
