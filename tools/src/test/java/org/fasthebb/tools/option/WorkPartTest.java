package org.fasthebb.tools.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Parts have each piece of work once. */
class WorkPartTest {
  private static WorkPart part(String text) {
    return new WorkPart.WorkPartConverter().convert(text);
  }

  @Test
  void everyPieceIsInOnePart() {
    for (int piece = 0; piece < 10; piece++) {
      int of = piece;
      assertEquals(1, IntStream.range(0, 3).filter(i -> part(i + "/3").has(of)).count());
      assertTrue(part(WorkPart.WHOLE).has(piece));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "3/3", "1/0", "0/0", "-1/3", "1/3/5", "a/b", "1/9999999999"})
  void othersAreRefused(String text) {
    String message = assertThrows(TypeConversionException.class, () -> part(text)).getMessage();
    assertTrue(message.startsWith("'" + text + "' is no part; write 0/4 to 3/4"), message);
  }
}
