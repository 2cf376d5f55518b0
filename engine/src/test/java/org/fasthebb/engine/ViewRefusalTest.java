package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ViewRefusalTest {
  private static final Tensor X = Tensors.counting(3, 4, 5);
  private static final Tensor IMAGES = Tensors.counting(2, 6, 5, 3);

  /** Every refusal names the tensor's shape, and contains {@code hints}. */
  private static void refused(Tensor x, UnaryOperator<Tensor> view, String... hints) {
    String message = message(() -> view.apply(x));
    assertTrue(message.contains(x.layout().toString()), message);
    for (String hint : hints) {
      assertTrue(message.contains(hint), message);
    }
  }

  private static String message(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }

  @Test
  void axesThatDoNotExist() {
    refused(X, x -> x.slice(3, 0, 1), "no axis 3");
    refused(X, x -> x.slice(-4, 0, 1), "no axis -4");
    refused(X, x -> x.flatten(0, 3), "no axis 3");
    refused(X, x -> x.permute(0, 1, 3), "no axis 3");
    refused(X, x -> x.sum(3), "no axis 3");
    refused(X, x -> x.max(-4), "no axis -4");
    assertThrows(IllegalArgumentException.class, () -> X.size(3));
  }

  @Test
  void reshapeToAnotherSizeOrOfAViewWithGaps() {
    refused(X, x -> x.reshape(7, 9), "[7, 9]", "60", "63");
    refused(X, x -> x.reshape(), "[]");
    refused(X.permute(2, 1, 0), x -> x.reshape(60), "[60]", "copy()");
    refused(X.slice(2, 0, 4), x -> x.reshape(48), "[48]", "copy()");
  }

  @Test
  void invalidPermutations() {
    refused(X, x -> x.permute(0, 1), "[0, 1]");
    refused(X, x -> x.permute(0, 1, 1), "[0, 1, 1]");
    refused(X, x -> x.permute(0, 1, -2), "[0, 1, -2]");
    refused(X, x -> x.permute(0, 1, 2, 0), "[0, 1, 2, 0]");
  }

  @Test
  void rangesBeyondTheAxis() {
    refused(X, x -> x.slice(1, -1, 2), "from -1 to 2");
    refused(X, x -> x.slice(1, 3, 2), "from 3 to 2");
    refused(X, x -> x.slice(1, 3, 5), "from 3 to 5");
    refused(X.flatten(0, 1), x -> x.slice(0, 0, 1), "composite");
    refused(IMAGES.patches(2, 2), x -> x.slice(1, 0, 1), "composite");
  }

  @Test
  void flattenFromALaterToAnEarlierAxis() {
    refused(X, x -> x.flatten(2, 1), "2 to 1");
  }

  @Test
  void stretchingWhatIsNotOfSizeOne() {
    refused(X, x -> x.broadcast(3, 8, 5), "[3, 8, 5]");
    refused(X, x -> x.broadcast(3, 4, 0), "[3, 4, 0]");
    refused(X, x -> x.broadcast(4, 5), "[4, 5]");
    refused(X, x -> x.broadcast(), "[]");
  }

  @Test
  void patchesThatDoNotFit() {
    refused(IMAGES, x -> x.patches(7, 1), "7x1");
    refused(IMAGES, x -> x.patches(1, 6), "1x6");
    refused(IMAGES, x -> x.patches(0, 1), "0x1");
    refused(IMAGES, x -> x.patches(1, -1), "1x-1");
    refused(X, x -> x.patches(1, 1), "[b, h, w, c]");
    refused(IMAGES.flatten(0, 1), x -> x.patches(1, 1), "[b, h, w, c]");
  }

  @Test
  void invalidShapes() {
    Tensor one = Tensors.counting(1);
    for (int[] shape : new int[][] {{-1}, {3, -4}, {0, -1}}) {
      String message = message(() -> Tensors.CPU.zeros(shape));
      assertTrue(message.contains("negative") && message.contains(Arrays.toString(shape)), message);
      assertEquals(message, message(() -> one.reshape(shape)));
      assertEquals(message, message(() -> one.broadcast(shape)));
    }
    String large = message(() -> Tensors.CPU.empty(1 << 16, 1 << 15));
    assertTrue(large.contains("[65536, 32768]") && large.contains("2^31-1"), large);
    assertEquals(large, message(() -> one.broadcast(1 << 16, 1 << 15)));
  }

  @Test
  void writingTheWrongNumberOfValuesOrIntoGaps() {
    Tensor x = Tensors.counting(3, 4);
    String count = message(() -> x.write(new float[11]));
    assertEquals("cannot write 11 values into [3, 4] of 12", count);
    String gaps = message(() -> x.slice(1, 0, 2).write(new float[6]));
    assertTrue(gaps.contains("[3, 2]") && gaps.contains("gaps"), gaps);
    assertArrayEquals(Tensors.counting(3, 4).toArray(), x.toArray(), "nothing was written");
    assertThrows(IllegalArgumentException.class, () -> Tensors.CPU.of(new float[3], 2, 2));
  }

  @Test
  void itemOfMoreOrLessThanOneElement() {
    for (Tensor x : new Tensor[] {X, Tensors.counting(0)}) {
      String message = message(x::item);
      assertTrue(message.contains(x.layout().toString()), message);
    }
  }
}
