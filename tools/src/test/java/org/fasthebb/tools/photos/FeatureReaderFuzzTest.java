package org.fasthebb.tools.photos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.testing.FuzzTest;

/** Files of features in all forms, damaged. */
class FeatureReaderFuzzTest extends FuzzTest {
  private static final String NAMES = "row,file,label\n0,a.png,cat\n1,\"b,c.png\",dog\n";

  @Override
  protected List<byte[]> seeds() throws IOException {
    FeatureTable table =
        new FeatureTable(
            List.of("a.png", "b,c.png"),
            List.of("cat", "dog"),
            List.of(new float[] {1, 2}, new float[] {-3, 0.5f}),
            2);
    Path npy = folder().resolve("seed.npy");
    Path csv = folder().resolve("seed.csv");
    Path safeTensors = folder().resolve("seed.safetensors");
    table.writeNpy(npy, TableForm.namesBeside(npy));
    table.writeCsv(csv);
    table.writeSafeTensors(safeTensors, "12");
    return List.of(
        Files.readAllBytes(npy), Files.readAllBytes(csv), Files.readAllBytes(safeTensors));
  }

  @Override
  protected void parse(byte[] input) throws IOException {
    String start = new String(input, 0, Math.min(6, input.length), ISO_8859_1);
    String end =
        start.startsWith("\u0093") ? ".npy" : start.contains("f") ? ".csv" : ".safetensors";
    file("input.npy.files.csv", NAMES.getBytes(UTF_8));
    new FeatureReader(file("input" + end, input)).read();
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return e instanceof DataException || e instanceof CheckpointException;
  }
}
