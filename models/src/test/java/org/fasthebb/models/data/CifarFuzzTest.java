package org.fasthebb.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fasthebb.testing.FuzzTest;

/** A CIFAR-100 of two images: the first byte of an input says which of its files the rest is. */
class CifarFuzzTest extends FuzzTest {
  private static final List<String> NAMES =
      List.of("train.bin", "test.bin", "fine_label_names.txt");

  private static final byte[] RECORD = new byte[2 + 3072];

  private static final byte[] CLASSES =
      IntStream.range(0, 100)
          .mapToObj(i -> "class " + i)
          .collect(Collectors.joining("\n"))
          .getBytes(UTF_8);

  private final List<byte[]> contents = List.of(RECORD, RECORD, CLASSES);

  @Override
  protected List<byte[]> seeds() {
    return IntStream.range(0, NAMES.size())
        .mapToObj(i -> {
          byte[] seed = new byte[1 + contents.get(i).length];
          seed[0] = (byte) i;
          System.arraycopy(contents.get(i), 0, seed, 1, seed.length - 1);
          return seed;
        })
        .toList();
  }

  @Override
  protected void parse(byte[] input) throws IOException {
    for (int i = 0; i < NAMES.size(); i++) {
      boolean damaged = input.length > 0 && input[0] == i;
      file(NAMES.get(i), damaged ? Arrays.copyOfRange(input, 1, input.length) : contents.get(i));
    }
    Path dir = folder();
    Cifar100.read(dir, Cifar100.FILES.withRecords(1, 1));
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return e instanceof DataException;
  }
}
