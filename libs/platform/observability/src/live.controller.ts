import { Controller, Get } from '@nestjs/common';

/** All that the public port tells about the process, for load balancers: a constant. The rest is at the operations port. */
@Controller('health')
export class LiveController {
  @Get('live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }
}
