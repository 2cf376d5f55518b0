package org.fasthebb.engine.internal.strided;

import static org.fasthebb.engine.internal.strided.Divisors.greatestCommon;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DivisorsTest {
  @Test
  void greatestCommonDivisors() {
    assertEquals(6, greatestCommon(12, 18));
    assertEquals(6, greatestCommon(18, 12));
    assertEquals(1, greatestCommon(7, 9));
    assertEquals(5, greatestCommon(0, 5));
    assertEquals(5, greatestCommon(5, 0));
  }
}
