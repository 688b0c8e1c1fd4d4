1700000000000000000 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[],"a":[]}}
1700000000001000000 {"lastUpdateId":2,"bids":[["60000.01","10.00001"]],"asks":[["60010.00","10.00001"]]}
1700000000002000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"60005.00","q":"0.00001","T":1000,"m":true,"M":true}}
